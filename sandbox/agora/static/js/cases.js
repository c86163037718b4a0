// A case (ticket) in full.
import { el } from "/phone/static/js/dom.js";
import { moment } from "/phone/static/js/format.js";
import { mapDrawing } from "/phone/static/js/map.js";
import { ask } from "./ask.js";
import { PRIORITY } from "./store.js";

export function openCase(one) {
  const place = one.metadata?.coordenadas;
  const facts = [["Estado", one.status], ["Prioridad", PRIORITY[one.priority] ?? one.priority], ["Contrato", one.contract_number], ["Teléfono", one.contact_phone], ["Lugar", one.metadata?.ubicacion], ["Recibido", moment(one.created)]];
  const map = place && Number.isFinite(Number(place.lat)) && Number.isFinite(Number(place.lng)) ? el("div", { class: "place" }, mapDrawing(Number(place.lat), Number(place.lng))) : null;
  ask(`${one.folio} · ${one.title}`, [el("p", { class: "case-words" }, one.description), map,
    el("dl", { class: "facts-list" }, facts.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]))]);
}
