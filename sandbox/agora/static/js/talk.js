// The middle: head with actions, thread, composer.
import { el } from "/phone/static/js/dom.js";
import { day, hue, initials, phoneNumber } from "/phone/static/js/format.js";
import { icon } from "/phone/static/js/icons.js";
import { assign, attempt, leave, loadOlder, setPriority, setStatus, setTeam, show } from "./actions.js";
import { askClosing } from "./ask.js";
import { buildComposer } from "./composer.js";
import { isReaction, lineRow } from "./line.js";
import { sign } from "./signs.js";
import { PRIORITY, STATUS, now, on, state, waiting } from "./store.js";

const NEAR = 90;
const round = (name, words, work) => el("button", { class: "round", type: "button", "aria-label": words, title: words, onclick: work }, name);

export const resolve = () => askClosing("Resolver", "María se lo dirá al ciudadano y le pedirá una calificación.", "Resolver", (note) => leave("resolved", note));
export const giveBack = () => askClosing("Devolver a María", "La conversación sigue con María, que retoma lo que quedó pendiente.", "Devolver a María", (note) => leave("pending", note));
export const takeIt = () => assign(state.me.id);

function picker(label, options, value, onchange) {
  return el("select", { "aria-label": label, title: label, onchange: (event) => onchange(event.target.value ? event.target.value : null) },
    options.map(([key, words]) => el("option", { value: key ?? "", selected: String(key ?? "") === String(value ?? "") }, words)));
}

function controls(talk) {
  const number = (work) => (id) => work(id && Number(id));
  const mine = talk.meta.assignee?.id === state.me.id;
  return el("div", { class: "controls" },
    picker("Asignada a", [["", "Sin asignar"], ...state.agents.map((one) => [one.id, one.name])], talk.meta.assignee?.id, number(assign)),
    picker("Equipo", [["", "Sin equipo"], ...state.teams.map((one) => [one.id, one.name])], talk.meta.team?.id, number(setTeam)),
    picker("Prioridad", [["", "Sin prioridad"], ...Object.entries(PRIORITY)], talk.priority, setPriority),
    !mine && el("button", { class: "button", type: "button", onclick: takeIt }, sign("user"), "Asignarme"));
}

function endings(talk) {
  return el("div", { class: "endings" }, talk.status === "open" && el("button", { class: "button", type: "button", onclick: giveBack }, sign("drop"), "Devolver a María"),
    talk.status === "open"
      ? el("button", { class: "button primary", type: "button", onclick: resolve }, sign("done"), "Resolver")
      : el("button", { class: "button primary", type: "button", onclick: () => setStatus("open") }, talk.status === "pending" ? "Tomar" : "Reabrir"));
}

function head(talk) {
  const { name, phone_number: phone } = talk.meta.sender;
  const wait = waiting(talk);
  return [el("div", { class: "talk-head" }, el("button", { class: "round back", type: "button", "aria-label": "Volver a la lista", onclick: () => show("list") }, sign("back")),
    el("span", { class: "avatar", style: `--hue:${hue(name || "?")}`, "aria-hidden": "true" }, initials(name || "?")),
    el("div", { class: "who" }, el("h2", {}, name || "Sin nombre"), el("p", {}, [phone ? phoneNumber(phone) : "sin teléfono", `#${talk.id}`, STATUS[talk.status]].join(" · "))),
    wait && el("span", { class: `wait ${wait.mood}` }, icon("clock"), el("span", { class: "long" }, "Espera"), wait.words),
    endings(talk),
    el("span", { class: "side-button" }, round(sign("side"), "Datos del ciudadano", () => show(document.body.dataset.view === "side" ? "talk" : "side")))), controls(talk)];
}

const nobody = () => el("div", { class: "nobody" }, el("img", { src: "/phone/static/icon.svg", alt: "", width: 72, height: 72 }), el("h2", {}, "Elija una conversación"),
  el("p", {}, "Aquí llegan las personas que María pasa a un agente, con todo lo que ya platicaron."), el("p", { class: "hint" }, "Teclas: J y K cambian de conversación, R responde, N nota privada, A me la asigna, ? las demás."));

export function buildTalk(root) {
  const top = el("div", { class: "top" });
  const list = el("div", { class: "thread", role: "log", "aria-label": "Mensajes", tabIndex: 0 });
  const typingRow = el("p", { class: "typing-row", "aria-live": "polite" });
  const composer = buildComposer();
  let pinned = true;
  let height = 0;
  const nearEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  const toEnd = () => list.scrollTo({ top: list.scrollHeight, behavior: "instant" });
  const settle = () => pinned && requestAnimationFrame(toEnd);
  list.addEventListener("scroll", () => {
    if (list.scrollHeight === height) pinned = nearEnd();
    height = list.scrollHeight;
    if (list.scrollTop < 40) attempt(loadOlder);
  });
  list.addEventListener("load", settle, true);
  new ResizeObserver(settle).observe(list);

  const shown = () => state.lines.filter((line) => !isReaction(line));

  function rows() {
    const lines = shown();
    return lines.flatMap((line, at) => withDay(line, lines[at - 1], false));
  }

  function draw() {
    root.classList.toggle("empty", !state.talk);
    if (!state.talk) return root.replaceChildren(nobody());
    if (!root.contains(list)) root.replaceChildren(top, list, typingRow, composer);
    top.replaceChildren(...head(state.talk));
    list.replaceChildren(...rows());
    pinned = true;
    requestAnimationFrame(toEnd);
    return typing();
  }

  function older() {
    const before = list.scrollHeight - list.scrollTop;
    list.replaceChildren(...rows());
    list.scrollTop = list.scrollHeight - before;
  }

  function added(line) {
    if (isReaction(line)) return older();
    const lines = shown();
    const at = lines.indexOf(line);
    if (at < lines.length - 1) return older();
    list.append(...withDay(line, lines[at - 1], true));
    return settle();
  }

  function changed(line) {
    const old = list.querySelector(`[data-id="${line.id}"]`);
    old?.replaceWith(lineRow(line, old.classList.contains("first"), false));
    settle();
  }

  function redrawHead() {
    const open = top.contains(document.activeElement) && document.activeElement.localName === "select";
    if (state.talk && !open) top.replaceChildren(...head(state.talk));
  }

  function typing() {
    const who = state.typing.get(state.current);
    typingRow.textContent = who ? `${who.name} está escribiendo…` : "";
  }

  on("talk", draw);
  on("older", older);
  on("line", added);
  on("line-changed", changed);
  on("talk-changed", redrawHead);
  on("clock", redrawHead);
  on("typing", typing);
  setInterval(redrawHead, 30000);
  draw();
}

function withDay(line, before, fresh) {
  const label = day(line.created_at * 1000, now());
  const opens = !before || day(before.created_at * 1000, now()) !== label;
  const same = before && before.message_type === line.message_type && before.private === line.private && before.sender?.id === line.sender?.id && before.sender?.type === line.sender?.type;
  return [opens && el("p", { class: "day" }, label), lineRow(line, opens || !same, fresh)].filter(Boolean);
}
