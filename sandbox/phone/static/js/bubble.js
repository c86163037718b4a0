// One message in the thread, with its ticks, reactions and menu.
import { content } from "./content.js";
import { act } from "./actions.js";
import { el } from "./dom.js";
import { hour, marked, summary } from "./format.js";
import { icon, ticks } from "./icons.js";
import { options } from "./options.js";
import { state, tell, thread } from "./store.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** The row of a message. `first` opens a run of messages by the same side. */
export function bubble(line, first, fresh) {
  const { nodes, look } = content(line);
  const status = line.direction === "in" ? ticks(line.status) : null;
  const meta = el("div", { class: "meta" }, el("time", {}, hour(line.at)), status);
  const more = el("button", { class: "bubble-more", type: "button", "aria-label": "Opciones del mensaje", "aria-expanded": "false" }, icon("down"));
  const box = el("div", { class: `bubble ${look}` }, quotedPart(line), nodes, meta, more);
  const row = el("div", { class: `row ${line.direction} ${first ? "first" : ""} ${fresh ? "fresh" : ""}`, "data-id": line.id }, box);
  box.addEventListener("click", (event) => {
    const other = event.target.closest("a, button, video");
    if ((!other || other === more) && !getSelection().toString()) menu(line, row, more);
  });
  const reactions = reactionsOf(line.id);
  if (reactions.length) row.append(el("span", { class: "reactions", "aria-label": `Reacción ${reactions.join(" ")}` }, reactions.join(" ")));
  const failed = line.status === "failed" && el("p", { class: "failure" }, `No llegó: ${line.error ?? ""}`);
  const below = options(line);
  row.classList.toggle("with-options", Boolean(below));
  row.append(...[failed, below].filter(Boolean));
  return row;
}

function quotedPart(line) {
  const id = line.direction === "in" ? line.message.context?.id : line.message.context?.message_id;
  const target = id && thread(state.current).lines.find((other) => other.id === id);
  if (!target || line.message.type === "interactive" || line.message.type === "button") return null;
  const jump = () => document.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  return el("button", { class: "quoted", type: "button", onclick: jump }, el("b", {}, target.direction === "in" ? "Usted" : "María"), ...marked(summary(target).slice(0, 120)));
}

/** The last reaction of each side. */
function reactionsOf(id) {
  const last = {};
  for (const line of thread(state.current).lines) {
    if (line.message.type === "reaction" && line.message.reaction.message_id === id) last[line.direction] = line.message.reaction.emoji;
  }
  return Object.values(last).filter(Boolean);
}

function menu(line, row, opener) {
  document.querySelector(".menu")?.remove();
  const close = () => { box.remove(); opener.setAttribute("aria-expanded", "false"); };
  const mine = reactionsOf(line.id);
  const react = (emoji) => { close(); act({ reaction: { message_id: line.id, emoji: mine.includes(emoji) ? null : emoji } }); };
  const emojis = EMOJIS.map((emoji) => el("button", { type: "button", "aria-label": `Reaccionar ${emoji}`, onclick: () => react(emoji) }, emoji));
  const reply = el("button", { class: "act", type: "button", onclick: () => { close(); tell("quote", line); } }, "Responder citando");
  const copy = el("button", { class: "act", type: "button", onclick: () => { close(); navigator.clipboard?.writeText(summary(line)); } }, "Copiar texto");
  const box = el("div", { class: "menu" }, el("div", { class: "emojis" }, emojis), reply, copy);
  opener.setAttribute("aria-expanded", "true");
  const list = row.parentElement;
  list.append(box);
  box.style.top = `${Math.max(list.scrollTop + 6, Math.min(row.offsetTop + 26, list.scrollTop + list.clientHeight - box.offsetHeight - 8))}px`;
  box.style[line.direction === "in" ? "right" : "left"] = "14px";
  box.querySelector("button").focus();
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { close(); opener.focus(); } });
  setTimeout(() => document.addEventListener("click", (event) => box.contains(event.target) || close(), { once: true }));
}
