// Line icons, drawn for this page on a 24 × 24 grid.
import { svg } from "./dom.js";

const PATHS = {
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm9 16-4-4",
  plus: "M12 5v14M5 12h14",
  send: "M4 12 20 4l-5 16-4-6-7-2zm7 2 9-10",
  clip: "M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.500 3.500 0 0 1 5 5l-8 8a1.500 1.500 0 0 1-2-2l7-7",
  mic: "M12 4a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3",
  check: "M5 13l4 4L19 7",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  list: "M5 7h14M5 12h14M5 17h14",
  link: "M10 14l10-10m-6 0h6v6M19 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1h5",
  pin: "M12 21s-7-6.500-7-11a7 7 0 0 1 14 0c0 4.500-7 11-7 11zm0-8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  reply: "M10 7 4 12l6 5v-3c5 0 8 1 10 5 0-6-3-9-10-9z",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  inbox: "M4 13l3-8h10l3 8v6H4zm0 0h5l1 2h4l1-2h5",
  sms: "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5",
  mail: "M4 6h16v12H4zm0 1 8 6 8-6",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm0 4v4l3 2",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  bank: "M4 10l8-5 8 5zM6 10v7m4-7v7m4-7v7m4-7v7M4 19h16",
  people: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zm-6 9c0-4 3-6 6-6s6 2 6 6M16 5a3 3 0 0 1 0 6m2 3c2 1 3 3 3 6",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm3 15h2",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zm8 2.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 8c0-4 3-6 7-6s7 2 7 6",
  smile: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 10v.500M15 10v.500M8.500 14c2 2.500 5 2.500 7 0",
  verified: "M12 3l2.500 2 3-.200.600 3L20.500 10l-1.200 2.800.500 3-3 .800L15 19.300l-3-.800-3 .800-1.800-2.700-3-.800.500-3L3.500 10l2.400-2.200.600-3 3 .200zM9 12l2 2 4-4",
  reset: "M5 12a7 7 0 1 0 2-5M7 3v4h4",
  waves: "M3 9q4.500-4 9 0t9 0M3 15q4.500-4 9 0t9 0",
  flag: "M6 21V4h11l-2 4 2 4H6",
};

/** An icon by name. */
export function icon(name, strokeWidth = 1.8) {
  const path = svg("path", { d: PATHS[name] });
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": strokeWidth, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" }, path);
}

/** One or two ticks for a message's status. */
export function ticks(status) {
  const names = { accepted: "En camino", sent: "Enviado", delivered: "Entregado", read: "Leído", failed: "No se envió" };
  const two = status === "delivered" || status === "read";
  const shapes = { accepted: "M6 2v4l2 1.500M6 .700a5.300 5.300 0 1 0 .100 0z", failed: "M6 .700a5.300 5.300 0 1 0 .100 0zM6 3v3.500M6 8.700v.100" };
  const d = shapes[status] ?? (two ? "M1 6.500l3 3L10.500 2M7.500 8.500l1 1L15 2" : "M3 6.500l3 3L12.500 2");
  const drawing = svg("svg", { class: "icon", viewBox: "-1 -1 18 14", fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round", "data-status": status, role: "img", "aria-label": names[status] ?? status });
  drawing.append(svg("path", { d }));
  return drawing;
}
