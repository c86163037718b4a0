// The phone in the middle: head, thread, composer.
import { sendText } from "./actions.js";
import { bubble } from "./bubble.js";
import { buildComposer } from "./composer.js";
import { el } from "./dom.js";
import { day, phoneNumber } from "./format.js";
import { icon } from "./icons.js";
import { now, on, person, state, thread } from "./store.js";

const STARTERS = ["Hola", "¿Cuánto debo?", "No tengo agua", "Quiero mi recibo", "Hay una fuga en la calle"];
const NEAR = 90;

export function buildChat(root) {
  const mood = el("p", {}, "en línea");
  const as = el("div", { class: "as" });
  const head = el("div", { class: "chat-head" }, el("img", { src: "/phone/static/icon.svg", alt: "", width: 42, height: 42 }),
    el("div", {}, el("strong", {}, "CEA Querétaro", icon("verified", 2)), mood), as);
  const list = el("div", { class: "thread", role: "log", "aria-label": "Conversación", tabIndex: 0 });
  const end = el("button", { class: "to-end", type: "button", hidden: true, "aria-label": "Ir al final", onclick: () => toEnd(true) }, icon("down"));
  root.append(head, list, buildComposer(), end);

  let pinned = true; // the citizen looks at the end, so new messages keep it in view
  let height = 0;
  const nearEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  const toEnd = (smooth = false) => {
    pinned = true;
    list.scrollTo({ top: list.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  };
  const settle = () => pinned && requestAnimationFrame(() => toEnd());
  list.addEventListener("scroll", () => {
    if (list.scrollHeight === height) pinned = nearEnd();
    height = list.scrollHeight;
    end.hidden = nearEnd();
  });
  list.addEventListener("load", settle, true);
  new ResizeObserver(settle).observe(list);

  function draw() {
    const { lines, windowOpen } = thread(state.current);
    const shown = lines.filter((line) => line.message.type !== "reaction");
    const nodes = [];
    shown.forEach((line, at) => nodes.push(...withDay(line, shown[at - 1], false)));
    if (!shown.length) nodes.push(empty());
    if (!windowOpen) nodes.push(closedNotice());
    if (state.typing.has(state.current)) nodes.push(dots());
    list.replaceChildren(...nodes);
    requestAnimationFrame(() => toEnd());
  }

  function add(line) {
    if (line.message.type === "reaction") return redraw(line.message.reaction.message_id);
    list.querySelectorAll(".empty, .dots-row, .window-closed").forEach((node) => node.remove());
    if (line.direction === "in") pinned = true;
    const shown = thread(state.current).lines.filter((other) => other.message.type !== "reaction");
    list.append(...withDay(line, shown[shown.indexOf(line) - 1], true));
    settle();
    return undefined;
  }

  function redraw(id) {
    const lines = thread(state.current).lines.filter((line) => line.message.type !== "reaction");
    const at = lines.findIndex((line) => line.id === id);
    const old = list.querySelector(`[data-id="${CSS.escape(id)}"]`);
    if (at >= 0 && old) old.replaceWith(bubble(lines[at], old.classList.contains("first"), false));
  }

  function typing() {
    const on = state.typing.has(state.current);
    mood.textContent = on ? "escribiendo…" : "en línea";
    mood.className = on ? "typing" : "";
    list.querySelector(".dots-row")?.remove();
    if (!on) return;
    list.append(dots());
    settle();
  }

  on("person", () => {
    const who = person();
    as.replaceChildren("Teléfono de", el("b", {}, who.name), who.address.includes(".") ? "número oculto" : phoneNumber(who.address));
    draw();
    typing();
  });
  on("thread", draw);
  on("line", add);
  on("status", redraw);
  on("typing", typing);
}

function withDay(line, before, fresh) {
  const label = day(line.at, now());
  const opens = !before || day(before.at, now()) !== label;
  const first = opens || before.direction !== line.direction;
  return [opens && el("p", { class: "day" }, label), bubble(line, first, fresh)].filter(Boolean);
}

const dots = () => el("div", { class: "row out first dots-row" }, el("div", { class: "bubble", "aria-label": "María está escribiendo" }, el("span", { class: "dots" }, el("i"), el("i"), el("i"))));

const closedNotice = () => el("p", { class: "notice window-closed" }, "Pasaron más de 24 horas desde el último mensaje: María solo puede escribir con una plantilla aprobada.");

function empty() {
  const starters = STARTERS.map((words) => el("button", { type: "button", onclick: () => sendText(words) }, words));
  return el("div", { class: "empty" }, el("p", {}, "Todavía no hay mensajes. Escriba como escribiría cualquier persona, o empiece con:"), el("div", { class: "starters" }, starters));
}
