// Where the citizen writes.
import { sendSample, sendText } from "./actions.js";
import { attachMenu } from "./attach.js";
import { el } from "./dom.js";
import { summary } from "./format.js";
import { icon } from "./icons.js";
import { on } from "./store.js";

export function buildComposer() {
  let quoted = null;
  const box = el("textarea", { rows: 1, placeholder: "Mensaje", "aria-label": "Escribir mensaje", enterKeyHint: "send", maxLength: 4096 });
  const attach = el("button", { class: "round", type: "button", "aria-label": "Adjuntar", title: "Adjuntar", onclick: attachMenu }, icon("clip"));
  const send = el("button", { class: "round send", type: "submit", "aria-label": "Nota de voz" }, icon("mic"));
  const bar = el("div", { class: "quote-bar", hidden: true });
  const form = el("form", { class: "composer" }, el("div", { class: "box" }, box, attach), send);

  function fit() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 120)}px`;
    const empty = !box.value.trim();
    send.replaceChildren(icon(empty ? "mic" : "send"));
    send.setAttribute("aria-label", empty ? "Nota de voz" : "Enviar");
  }

  function quote(line) {
    quoted = line;
    bar.hidden = !line;
    const drop = el("button", { class: "round", type: "button", "aria-label": "No citar", onclick: () => quote(null) }, icon("close"));
    bar.replaceChildren(...(line ? [el("span", {}, summary(line)), drop] : []));
    if (line) box.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = box.value.trim();
    if (words) sendText(words, quoted?.id);
    else sendSample("voice", "voice.ogg");
    box.value = "";
    quote(null);
    fit();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (box.value.trim()) form.requestSubmit();
  });
  box.addEventListener("input", fit);
  on("quote", quote);
  on("draft", (words) => { box.value = words; fit(); box.focus(); });
  on("person", () => quote(null));
  on("person", () => matchMedia("(hover: hover)").matches && box.focus());
  return el("div", { class: "foot" }, bar, form);
}
