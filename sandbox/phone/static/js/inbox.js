// SMS and e-mail: where the codes arrive.
import { get } from "./api.js";
import { el } from "./dom.js";
import { bytes, moment, phoneNumber } from "./format.js";
import { icon } from "./icons.js";
import { copy } from "./options.js";
import { on, state, tell } from "./store.js";

const CODE = /(?<!\d)\d{6}(?!\d)/;

export async function loadLetters() {
  const [texts, mails] = await Promise.all([get("/control/twilio/sent"), get("/control/sendgrid/inbox")]);
  const before = new Set(state.letters.map((letter) => letter.id));
  const first = !state.lettersRead;
  state.lettersRead = true;
  const all = [...texts.map((sms) => ({ id: sms.sid, kind: "sms", at: sms.at, sms })), ...mails.map((mail) => ({ id: mail.id, kind: "mail", at: mail.at, mail }))];
  state.letters = all.sort((a, b) => b.at.localeCompare(a.at)).map((letter) => ({ ...letter, fresh: !first && !before.has(letter.id) }));
  const looking = document.getElementById("page-inbox")?.checkVisibility({ visibilityProperty: true });
  const fresh = looking ? 0 : state.letters.filter((letter) => letter.fresh).length;
  state.newLetters = all.length && !looking ? state.newLetters + fresh : 0;
  tell("letters");
}

export function buildInbox() {
  const page = el("div", { class: "tabpage" });
  const seen = () => { state.newLetters = 0; tell("letters"); };
  on("letters", () => {
    const nodes = state.letters.slice(0, 60).map((letter) => (letter.kind === "sms" ? text(letter) : mail(letter)));
    page.replaceChildren(...(nodes.length ? nodes : [nothing()]));
  });
  on("tab", (tab) => tab === "inbox" && seen());
  on("view", (view) => view === "panel" && !page.hidden && seen());
  page.append(nothing());
  return page;
}

const nothing = () => el("div", { class: "nothing" }, icon("inbox"), "Aquí llegan los SMS y los correos que manda María: códigos, recibos y avisos.");

function frame(letter, sign, kind, to, ...rest) {
  return el("article", { class: `letter ${letter.fresh ? "fresh" : ""}` },
    el("header", {}, el("span", { class: "kind" }, icon(sign), kind), el("time", {}, moment(letter.at))), el("p", { class: "to" }, to), ...rest);
}

function codeIn(words) {
  const code = words.match(CODE)?.[0];
  return code && el("button", { class: "code", type: "button", title: "Copiar", onclick: () => copy(code) }, code, el("small", {}, "copiar"));
}

function text(letter) {
  const { to, body } = letter.sms;
  return frame(letter, "sms", "SMS", `Para ${phoneNumber(to)}`, el("p", { class: "words" }, body), codeIn(body));
}

function mail(letter) {
  const { mail: sent } = letter;
  const to = sent.personalizations.flatMap((group) => group.to.map((person) => person.email)).join(", ");
  const plain = sent.content?.find((part) => part.type === "text/plain")?.value;
  const html = sent.content?.find((part) => part.type === "text/html")?.value;
  const body = plain ? el("p", { class: "words" }, plain) : html && el("iframe", { srcdoc: html, "sandbox": "", title: "Correo" });
  const files = (sent.attachments ?? []).map((file, at) => el("a", { class: "attached", href: `/control/sendgrid/attachments/${sent.id}/${at}`, target: "_blank" }, icon("clip"), `${file.filename} · ${bytes(file.size)}`));
  return frame(letter, "mail", "Correo", `Para ${to}`, el("h4", {}, sent.subject ?? ""), body, codeIn(plain ?? ""), ...files);
}
