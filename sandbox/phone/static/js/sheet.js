// Bottom sheets and the picture viewer, on the browser's own <dialog>.
import { el } from "./dom.js";
import { icon } from "./icons.js";

/** Open a sheet with a title; gives the dialog, already shown. */
export function sheet(title, content) {
  const close = el("button", { class: "round", type: "button", "aria-label": "Cerrar", onclick: () => box.close() }, icon("close"));
  const box = el("dialog", { class: "sheet", "aria-label": title }, el("div", { class: "sheet-head" }, el("h2", {}, title), close), ...content);
  return open(box);
}

export function lightbox(source, words) {
  const close = el("button", { class: "close", type: "button", "aria-label": "Cerrar", onclick: () => box.close() }, icon("close"));
  const box = el("dialog", { class: "lightbox", "aria-label": words || "Imagen" },
    el("img", { src: source, alt: words || "Imagen" }), close,
    el("a", { href: source, target: "_blank", rel: "noreferrer" }, "Abrir en otra pestaña"));
  return open(box);
}

/** On a wide page a sheet rises inside the drawn phone. */
function overPhone(box) {
  const frame = document.getElementById("phone").getBoundingClientRect();
  const edge = 9;
  const set = { left: frame.left + edge, foot: innerHeight - frame.bottom + edge, wide: frame.width - 2 * edge, tall: frame.height * 0.8 };
  for (const [name, size] of Object.entries(set)) box.style.setProperty(`--${name}`, `${size}px`);
}

function open(box) {
  if (box.classList.contains("sheet")) overPhone(box);
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}

/** WhatsApp's list message: pick one row, then send. */
export function listSheet(line, onPick) {
  const inner = line.message.interactive;
  let picked = null;
  const send = el("button", { class: "button primary", type: "button", disabled: true, onclick: () => { box.close(); onPick(picked); } }, "Enviar");
  const row = (item) => el("label", { class: "choice" },
    el("span", {}, item.title, item.description && el("small", {}, item.description)),
    el("input", { type: "radio", name: "row", onchange: () => { picked = item; send.disabled = false; } }));
  const sections = inner.action.sections.map((section) => [section.title && el("h3", {}, section.title), section.rows.map(row)]);
  const box = sheet(inner.action.button, [el("div", { class: "sheet-body" }, sections), el("div", { class: "sheet-foot" }, send)]);
}

/** A form's answer, written by hand: the sandbox draws no Flow screens. */
export function flowSheet(line, onSend) {
  const parameters = line.message.interactive.action.parameters;
  const answer = el("textarea", { rows: 6, value: JSON.stringify({ flow_token: parameters.flow_token ?? "" }, null, 1) });
  const send = el("button", { class: "button primary", type: "button", onclick: () => { box.close(); onSend(JSON.parse(answer.value)); } }, "Enviar respuesta");
  const box = sheet(parameters.flow_cta, [el("div", { class: "sheet-body form" }, el("label", { class: "field" }, "Respuesta del formulario (JSON)", answer), send)]);
}
