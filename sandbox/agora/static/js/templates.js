// WhatsApp's approved templates: the only thing that may be sent when the window is closed.
import { el } from "/phone/static/js/dom.js";
import { attempt } from "./actions.js";
import { post } from "./api.js";
import { ask } from "./ask.js";
import { state } from "./store.js";

const body = (template) => template.components?.find((part) => part.type === "BODY")?.text ?? "";
const blanks = (text) => [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((found) => found[1]))];
const usable = (template) => String(template.status).toLowerCase() === "approved" && template.category !== "AUTHENTICATION" && !template.name.startsWith("customer_satisfaction_survey");

export function pickTemplate() {
  const known = (state.inbox.additional_attributes.message_templates ?? []).filter(usable);
  if (!known.length) return ask("Plantillas", [el("p", {}, "La bandeja no tiene plantillas aprobadas. María las publica al conectarse.")]);
  return ask("Plantillas", known.map((template) => el("button", { class: "template", type: "button", onclick: (event) => { event.target.closest("dialog").close(); fill(template); } },
    el("b", {}, template.name), el("small", {}, `${template.language} · ${template.category}`), el("span", {}, body(template)))));
}

function fill(template) {
  const text = body(template);
  const inputs = blanks(text).map((name) => [name, el("input", { required: true, maxLength: 500 })]);
  const preview = el("p", { class: "preview" });
  const values = () => Object.fromEntries(inputs.map(([name, input]) => [name, input.value.trim()]));
  const rendered = () => text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name) => values()[name] || whole);
  const draw = () => { preview.textContent = rendered(); };
  inputs.forEach(([, input]) => input.addEventListener("input", draw));
  draw();
  ask(template.name, [preview, inputs.map(([name, input]) => el("label", { class: "field" }, `Dato ${name}`, input))], [["Enviar plantilla", "primary", () => {
    if (inputs.some(([, input]) => !input.value.trim())) return fill(template);
    const { name, category, language } = template;
    return attempt(() => post(`conversations/${state.current}/messages`, { content: rendered(), message_type: "outgoing", template_params: { name, category, language, processed_params: { body: values() } } }));
  }]]);
}
