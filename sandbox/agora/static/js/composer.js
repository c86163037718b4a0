// Where the agent writes: an answer or a private note, with files, a quote and canned replies.
import { el } from "/phone/static/js/dom.js";
import { icon } from "/phone/static/js/icons.js";
import { attempt, send, typing } from "./actions.js";
import { cannedMenu } from "./canned.js";
import { author } from "./line.js";
import { sign } from "./signs.js";
import { on, state } from "./store.js";
import { pickTemplate } from "./templates.js";

const QUIET_MS = 5000;

export function buildComposer() {
  let note = false;
  let quoted = null;
  let files = [];
  let quiet;
  let busy = false;
  const box = el("textarea", { rows: 2, id: "answer", maxLength: 10000, enterKeyHint: "send" });
  const modes = [[false, "Responder"], [true, "Nota privada"]].map(([kind, words]) => el("button", { type: "button", role: "tab", onclick: () => { setNote(kind); box.focus(); } }, kind && sign("lock"), words));
  const chips = el("div", { class: "chips" });
  const bar = el("div", { class: "quote-bar", hidden: true });
  const closed = el("div", { class: "closed", hidden: true });
  const chosen = el("input", { type: "file", multiple: true, hidden: true, onchange: () => { addFiles([...chosen.files]); chosen.value = ""; } });
  const clip = el("button", { class: "round", type: "button", "aria-label": "Adjuntar archivo", title: "Adjuntar archivo", onclick: () => chosen.click() }, icon("clip"));
  const go = el("button", { class: "button primary send", type: "submit" }, icon("send"), "Enviar");
  const menu = cannedMenu(box, (words) => { box.value = words; fit(); box.focus(); });
  const form = el("form", { class: "composer" }, el("div", { class: "modes", role: "tablist" }, modes), closed, bar, chips, menu.node, el("div", { class: "box" }, box), el("div", { class: "composer-foot" }, clip, chosen,
    el("span", { class: "hint" }, "/ respuestas listas · Intro envía · Mayús+Intro otra línea"), go));

  const locked = () => !note && state.talk && !state.talk.can_reply;

  function setNote(kind) {
    note = kind;
    form.classList.toggle("as-note", note);
    modes.forEach((button, at) => button.setAttribute("aria-selected", String(note === (at === 1))));
    box.placeholder = note ? "Solo la ven los agentes" : "Escriba al ciudadano";
    box.setAttribute("aria-label", note ? "Escribir nota privada" : "Escribir respuesta");
    go.replaceChildren(note ? sign("lock") : icon("send"), note ? "Guardar nota" : "Enviar");
    lock();
  }

  function lock() {
    const shut = locked();
    box.disabled = clip.disabled = Boolean(shut);
    closed.hidden = !shut;
    if (shut) {
      const words = state.inbox.additional_attributes.agent_reply_time_window_message || "Pasaron más de 24 horas: WhatsApp solo deja enviar plantillas.";
      closed.replaceChildren(el("span", {}, words), el("button", { class: "button", type: "button", onclick: pickTemplate }, sign("template"), "Plantillas"));
    }
    fit();
  }

  function fit() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
    go.disabled = busy || locked() || !(box.value.trim() || files.length);
  }

  function addFiles(more) {
    files = [...files, ...more].slice(0, 15);
    chips.replaceChildren(...files.map((file, at) => el("span", { class: "chip" }, icon("file"), file.name,
      el("button", { type: "button", "aria-label": `Quitar ${file.name}`, onclick: () => { files.splice(at, 1); addFiles([]); } }, icon("close")))));
    fit();
  }

  function quote(line) {
    quoted = line;
    bar.hidden = !line;
    const drop = el("button", { class: "round", type: "button", "aria-label": "No citar", onclick: () => quote(null) }, icon("close"));
    bar.replaceChildren(...(line ? [el("span", {}, `${author(line)}: ${line.content ?? "Archivo"}`), drop] : []));
    if (line) { setNote(false); box.focus(); }
  }

  async function submit() {
    const text = box.value.trim();
    if (busy || locked() || !(text || files.length)) return;
    busy = true;
    fit();
    const sent = await attempt(async () => { await send({ text, note, files, quote: quoted }); return true; });
    busy = false;
    if (sent) {
      box.value = "";
      addFiles(files = []);
      quote(null);
      typing(false, note);
    }
    fit();
    box.focus();
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  box.addEventListener("keydown", (event) => {
    if (menu.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
    if (event.key === "Escape") box.blur();
  });
  box.addEventListener("input", () => {
    fit();
    menu.look();
    clearTimeout(quiet);
    typing(Boolean(box.value), note);
    quiet = setTimeout(() => typing(false, note), QUIET_MS);
  });
  box.addEventListener("paste", (event) => event.clipboardData.files.length && (event.preventDefault(), addFiles([...event.clipboardData.files])));
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => { event.preventDefault(); addFiles([...event.dataTransfer.files]); });
  box.addEventListener("blur", () => state.current && state.drafts.set(state.current, { text: box.value, note }));

  let shown = null;
  on("talk", () => {
    if (shown === state.current) return lock();
    shown = state.current;
    const draft = state.drafts.get(state.current) ?? { text: "", note: false };
    box.value = draft.text;
    addFiles(files = []);
    quote(null);
    return setNote(draft.note);
  });
  on("talk-changed", lock);
  on("quote", quote);
  on("write", (kind) => { setNote(kind); box.focus(); });
  setNote(false);
  return form;
}
