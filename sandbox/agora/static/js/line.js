// One message in the thread: author, ticks, intent, quote, reactions, what may be done with it.
import { el, toast } from "/phone/static/js/dom.js";
import { hour } from "/phone/static/js/format.js";
import { icon, ticks } from "/phone/static/js/icons.js";
import { attempt, erase, retry } from "./actions.js";
import { REACTION, content } from "./content.js";
import { sign } from "./signs.js";
import { state, tell } from "./store.js";

const INCOMING = 0;
const ACTIVITY = 2;
const TEMPLATE = 3;

export const isReaction = (line) => line.message_type === INCOMING && Boolean(target(line)) && REACTION.test(line.content ?? "");

/** The message that this one answers or reacts to. */
function target(line) {
  const id = line.content_attributes?.in_reply_to;
  return id ? state.lines.find((other) => other.id === id) : null;
}

/** The last reaction to a message, if it was not taken back. */
const reactionTo = (line) => state.lines.filter((other) => isReaction(other) && target(other) === line).map((other) => other.content.match(REACTION)[1]).at(-1);

export function author(line) {
  if (line.private) return line.sender?.name ?? "AGORA";
  if (line.message_type === INCOMING) return state.talk.meta.sender.name || "Ciudadano";
  if (line.message_type === TEMPLATE) return "Mensaje automático";
  return line.sender?.name ?? "Regla automática";
}

const look = (line) => {
  if (line.private) return "in note";
  if (line.message_type === INCOMING) return "out";
  return line.sender?.type === "agent_bot" ? "in by-bot" : "in by-agent";
};

function quotedPart(line) {
  const quoted = target(line);
  if (!quoted) return null;
  const jump = () => document.querySelector(`[data-id="${quoted.id}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  return el("button", { class: "quoted", type: "button", onclick: jump }, el("b", {}, author(quoted)), (quoted.content ?? "Archivo").slice(0, 120));
}

/** What María understood, as a tag under the citizen's words. */
function intentTag(line) {
  const { intent, confidence } = line.content_attributes ?? {};
  if (!intent || typeof intent !== "string") return null;
  const sure = Number.isFinite(Number(confidence)) && confidence !== null && confidence !== undefined ? ` ${Math.round(Number(confidence) * 100)} %` : "";
  return el("span", { class: "intent", title: "Lo que entendió María" }, `${intent}${sure}`);
}

function tools(line) {
  const own = line.message_type === 1 && !line.content_attributes?.deleted;
  const act = (name, words, work) => el("button", { class: "tool", type: "button", "aria-label": words, title: words, onclick: work }, name);
  const copy = async () => { await attempt(() => navigator.clipboard.writeText(line.content ?? "")); toast("Copiado."); };
  return el("span", { class: "tools" },
    !line.private && act(icon("reply"), "Responder citando", () => tell("quote", line)),
    line.content && act(icon("copy"), "Copiar texto", copy),
    own && act(sign("trash"), "Eliminar mensaje", () => erase(line.id)));
}

function failure(line) {
  if (line.status !== "failed") return null;
  return el("p", { class: "failure" }, `No llegó al ciudadano: ${line.content_attributes?.external_error ?? "sin motivo"} `,
    el("button", { class: "again", type: "button", onclick: () => retry(line.id) }, "Reintentar"));
}

/** The row of a message. `first` opens a run by the same author. */
export function lineRow(line, first, fresh) {
  if (line.message_type === ACTIVITY) return el("p", { class: "activity", "data-id": line.id }, line.content, " · ", el("time", {}, hour(line.created_at * 1000)));
  const { nodes, below = [], look: shape } = content(line);
  const mine = line.message_type !== INCOMING && !line.private;
  const head = line.private
    ? el("div", { class: "note-head" }, sign("lock"), "Nota privada · ", author(line))
    : first && el("div", { class: "by" }, author(line), line.sender?.type === "agent_bot" && el("small", {}, "asistente"));
  const meta = el("div", { class: "meta" }, line.additional_attributes?.template_params && el("span", {}, "plantilla"), el("time", {}, hour(line.created_at * 1000)), mine && ticks(line.status));
  const box = el("div", { class: `bubble ${shape}`, tabIndex: -1 }, head, quotedPart(line), nodes, below, meta);
  const reaction = reactionTo(line);
  return el("div", { class: `row ${look(line)} ${first ? "first" : ""} ${fresh ? "fresh" : ""}`, "data-id": line.id }, el("div", { class: "beside" }, box, tools(line)),
    reaction && el("span", { class: "reactions", "aria-label": `Reacción ${reaction}` }, reaction), intentTag(line), failure(line));
}
