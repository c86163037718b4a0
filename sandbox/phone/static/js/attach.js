// The attach menu: photos, places, voice, sticker, contact.
import { act, sendFile, sendSample } from "./actions.js";
import { el, toast } from "./dom.js";
import { icon } from "./icons.js";
import { sheet } from "./sheet.js";

const SAMPLES = [
  ["Fuga en la calle", "leak.jpg"], ["Recibo", "bill.jpg"], ["Medidor", "meter.jpg"], ["Ticket de pago", "ticket.jpg"],
];
const PLACES = [
  ["Centro Histórico", "Plaza de Armas, Querétaro", 20.5931, -100.3899],
  ["Lomas de Casa Blanca", "Colonia con corte de agua", 20.5703, -100.3811],
  ["Juriquilla", "Boulevard de las Ciencias", 20.7034, -100.4462],
  ["El Pueblito", "Corregidora", 20.5388, -100.4406],
  ["Jalpan de Serra", "Sierra Gorda", 21.2176, -99.4735],
  ["En el mar", "Golfo de México: fuera de la zona de servicio", 23.4, -92.1],
];

function tile(words, hue, picture, onTap) {
  return el("button", { class: "tile", type: "button", onclick: onTap }, el("span", { class: "pic", style: `--hue:${hue}` }, picture), words);
}

function pickFile(accept, onFile) {
  const input = el("input", { type: "file", accept });
  input.addEventListener("change", () => input.files[0] && onFile(input.files[0]));
  input.click();
}

export function attachMenu() {
  const leave = (work) => () => { box.close(); work(); };
  const file = (accept, kind, more = () => ({})) => leave(() => pickFile(accept, (chosen) => sendFile(kind, chosen, more(chosen))));
  const named = (chosen) => ({ filename: chosen.name });
  const ready = SAMPLES.map(([words, name]) => tile(words, 190, el("img", { src: `/phone/samples/${name}`, alt: "" }), leave(() => sendSample("image", name))));
  const rest = [
    tile("Foto", 205, icon("camera"), file("image/jpeg,image/png", "image")),
    tile("Documento", 262, icon("file"), file("application/pdf,.pdf,.doc,.docx,.xlsx,.txt", "document", named)),
    tile("Ubicación", 152, icon("pin"), leave(() => askPlace())),
    tile("Nota de voz", 18, icon("mic"), leave(() => sendSample("voice", "voice.ogg"))),
    tile("Sticker", 45, icon("smile"), leave(() => sendSample("sticker", "sticker.webp"))),
    tile("Contacto", 225, icon("person"), leave(askContact)),
  ];
  const box = sheet("Adjuntar", [el("div", { class: "sheet-body" }, el("div", { class: "tiles" }, rest), el("h3", {}, "Fotos listas"), el("div", { class: "tiles four" }, ready))]);
}

/** Choose a place, or use this device's own. */
export function askPlace(replyTo = null) {
  const send = (latitude, longitude, name, address) => { box.close(); act({ location: { latitude, longitude, name, address } }, replyTo); };
  const rows = PLACES.map(([name, address, latitude, longitude]) =>
    el("button", { class: "choice", type: "button", style: "text-align:left", onclick: () => send(latitude, longitude, name, address) },
      el("span", {}, name, el("small", {}, address)), icon(name === "En el mar" ? "waves" : "pin")));
  const here = () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => send(coords.latitude, coords.longitude), () => toast("El navegador no dio la ubicación.", true));
  const own = el("button", { class: "button quiet", type: "button", onclick: here }, icon("pin"), "Mi ubicación real");
  const box = sheet("Enviar ubicación", [el("div", { class: "sheet-body" }, rows, own)]);
}

function askContact() {
  const name = el("input", { value: "Luis Peralta", required: true });
  const phone = el("input", { value: "+52 442 555 0140", inputMode: "tel", required: true });
  const form = el("form", { class: "sheet-body form" }, el("label", { class: "field" }, "Nombre", name),
    el("label", { class: "field" }, "Teléfono", phone), el("button", { class: "button primary" }, "Enviar contacto"));
  const box = sheet("Contacto", [form]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    box.close();
    act({ contact: { name: name.value, phone: phone.value } });
  });
}
