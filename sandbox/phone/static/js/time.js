// The sandbox's clock, and starting over.
import { get, post } from "./api.js";
import { el, toast } from "./dom.js";
import { refresh } from "./events.js";
import { hour, moment } from "./format.js";
import { icon } from "./icons.js";
import { now, on, state } from "./store.js";

const STEPS = [["5 minutos", 300], ["1 hora", 3600], ["25 horas", 90000], ["3 días", 259200]];
const long = new Intl.DateTimeFormat("es-MX", { weekday: "long", day: "numeric", month: "long", timeZone: "America/Mexico_City" });

function ahead() {
  const minutes = Math.round(state.offset / 60000);
  if (minutes < 2) return "";
  if (minutes < 120) return `adelantado ${minutes} min`;
  return minutes < 2880 ? `adelantado ${Math.round(minutes / 60)} h` : `adelantado ${Math.round(minutes / 1440)} días`;
}

export async function loadClock() {
  state.offset = 1000 * (await get("/control/clock")).offset_seconds;
}

export function buildTime() {
  const face = el("b");
  const date = el("span");
  const pass = async (seconds, words) => {
    await post("/control/clock", { advance_seconds: seconds });
    await loadClock();
    await refresh();
    toast(`Pasaron ${words}.`);
  };
  const buttons = STEPS.map(([words, seconds]) => el("button", { class: "button", type: "button", onclick: () => pass(seconds, words) }, `+ ${words}`));
  const again = async () => {
    await post("/control/reset");
    toast("Todo quedó como al principio.");
  };
  const tick = () => {
    face.textContent = hour(now());
    date.textContent = [long.format(now()), ahead()].filter(Boolean).join(" · ");
    document.getElementById("clock").replaceChildren(moment(now()), ahead() ? el("small", {}, ahead()) : "");
  };
  on("clock", async () => { await loadClock(); tick(); });
  setInterval(tick, 5000);
  tick();
  return el("div", { class: "tabpage" }, el("div", { class: "now" }, face, date), el("h3", {}, "Pasar el tiempo"), el("div", { class: "times" }, buttons),
    el("p", { class: "hint" }, "Con 25 horas se cierra la ventana de WhatsApp; con 3 días vencen las referencias y se acercan los recibos."),
    el("h3", {}, "Empezar de nuevo"), el("button", { class: "button danger", type: "button", onclick: again }, icon("reset"), "Borrar chats, mensajes y fallas"));
}
