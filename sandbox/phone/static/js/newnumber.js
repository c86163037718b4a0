// A number that nobody in the data has.
import { choose, show } from "./actions.js";
import { el, toast } from "./dom.js";
import { addPerson } from "./people.js";
import { sheet } from "./sheet.js";

export function askNumber() {
  const name = el("input", { value: "Vecino nuevo", maxLength: 40, required: true });
  const number = el("input", { value: `442555${1000 + Math.floor(Math.random() * 9000)}`, inputMode: "numeric", maxLength: 14, required: true });
  const hidden = el("input", { type: "checkbox" });
  const form = el("form", { class: "sheet-body form" },
    el("label", { class: "field" }, "Nombre en WhatsApp", name),
    el("label", { class: "field" }, "Teléfono de 10 dígitos", number),
    el("label", { class: "choice" }, el("span", {}, "Ocultar el número", el("small", {}, "María solo ve un identificador (BSUID)")), hidden),
    el("button", { class: "button primary" }, "Abrir su teléfono"));
  const box = sheet("Número nuevo", [form]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const digits = number.value.replace(/\D/g, "").slice(-10);
    if (digits.length < 10) return toast("El teléfono lleva 10 dígitos.", true);
    const address = hidden.checked ? `MX.${digits}${Date.now().toString(36)}` : `521${digits}`;
    const key = addPerson({ address, name: name.value.trim() });
    box.close();
    show("phone");
    return choose(key);
  });
}
