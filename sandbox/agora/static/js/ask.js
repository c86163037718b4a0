// A dialog in the middle of the page, on the browser's own <dialog>.
import { el } from "/phone/static/js/dom.js";
import { icon } from "/phone/static/js/icons.js";

/** Show it. `actions` are [words, class, work]; the dialog closes before the work is done. */
export function ask(title, content, actions = []) {
  const close = el("button", { class: "round", type: "button", "aria-label": "Cerrar", onclick: () => box.close() }, icon("close"));
  const buttons = actions.map(([words, look, work]) => el("button", { class: `button ${look}`, type: "button", onclick: () => { box.close(); work(); } }, words));
  const box = el("dialog", { class: "ask", "aria-label": title }, el("div", { class: "sheet-head" }, el("h2", {}, title), close),
    el("div", { class: "ask-body" }, content), buttons.length > 0 && el("div", { class: "ask-foot" }, buttons));
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  box.querySelector("textarea, input, select")?.focus();
  return box;
}

/** What was agreed, before María gets it back. */
export function askClosing(title, words, button, onDone) {
  const note = el("textarea", { rows: 4, placeholder: "Por ejemplo: se pidió nueva lectura, folio 123; se le avisa el jueves." });
  ask(title, [el("p", {}, words), el("label", { class: "field" }, "¿En qué quedaron? María se lo dirá al ciudadano (opcional)", note)],
    [["Cancelar", "quiet", () => {}], [button, "primary", () => onDone(note.value.trim())]]);
}
