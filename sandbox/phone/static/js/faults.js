// Switches for what can go wrong around María.
import { get, post } from "./api.js";
import { el, toast } from "./dom.js";
import { on } from "./store.js";

const SWITCHES = [
  ["Aquasis lento", "Cada consulta tarda de 2 a 5 segundos", { system: "aquasis", kind: "latency", seconds: 3.5, jitter: 1.5 }],
  ["Aquasis caído", "El sistema de cobro no responde", { system: "aquasis", kind: "error", status: 503 }],
  ["Conekta caído", "No se pueden crear pagos", { system: "conekta", kind: "error", status: 503 }],
  ["Banco lento", "La tarjeta tarda 6 segundos en contestar", { system: "conekta", kind: "latency", operation: "checkout.pay", seconds: 6 }],
  ["Avisos de pago tardíos", "Conekta avisa 10 segundos después", { system: "conekta_webhook", kind: "latency", seconds: 10 }],
  ["Errores de WhatsApp", "La mitad de los envíos falla una vez", { system: "graph", kind: "error", code: 131016, rate: 0.5 }],
  ["Mensajes duplicados", "Cada aviso de WhatsApp llega dos veces", { system: "whatsapp_webhook", kind: "duplicate" }],
  ["Mensajes en desorden", "La mitad de los avisos llega tarde", { system: "whatsapp_webhook", kind: "reorder", rate: 0.5 }],
  ["SMS caído", "Los códigos por SMS no salen", { system: "twilio", kind: "error", status: 503 }],
];

const same = (one, other) => one.system === other.system && one.kind === other.kind;

export function buildFaults() {
  const boxes = SWITCHES.map(([title, words, fault]) => {
    const input = el("input", { type: "checkbox", role: "switch", onchange: () => change(fault, input.checked, title) });
    return { fault, input, row: el("label", { class: "switch" }, el("span", {}, el("b", {}, title), el("small", {}, words)), input) };
  });

  async function load() {
    const active = await get("/control/faults");
    for (const { fault, input } of boxes) input.checked = active.some((one) => same(one, fault));
  }

  async function change(fault, wanted, title) {
    const others = (await get("/control/faults")).filter((one) => !same(one, fault));
    await post("/control/faults", wanted ? [...others, fault] : others);
    toast(`${title}: ${wanted ? "encendido" : "apagado"}`);
  }

  on("clock", load);
  on("tab", (tab) => tab === "faults" && load());
  return el("div", { class: "tabpage" }, el("p", { class: "hint" }, "Encienda una falla y mire qué contesta María."), boxes.map((box) => box.row));
}
