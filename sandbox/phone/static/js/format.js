// WhatsApp's marks, dates and numbers.
import { el } from "./dom.js";

const MARK = /(```[\s\S]+?```)|(\*[^\s*](?:[^*\n]*[^\s*])?\*)|((?<![\w])_[^\s_](?:[^_\n]*[^\s_])?_(?![\w]))|(~[^\s~](?:[^~\n]*[^\s~])?~)|(https?:\/\/[^\s<>]+[^\s<>.,;:!?)])/g;

/** Text with *bold*, _italic_, ~strike~, ```code``` and links, as nodes. */
export function marked(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(MARK)) {
    nodes.push(text.slice(at, found.index));
    at = found.index + found[0].length;
    const [whole, code, bold, italic, strike] = found;
    if (code) nodes.push(el("code", {}, whole.slice(3, -3)));
    else if (bold) nodes.push(el("strong", {}, ...marked(whole.slice(1, -1))));
    else if (italic) nodes.push(el("em", {}, ...marked(whole.slice(1, -1))));
    else if (strike) nodes.push(el("s", {}, ...marked(whole.slice(1, -1))));
    else nodes.push(el("a", { href: whole, target: "_blank", rel: "noreferrer" }, whole));
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}

const ZONE = "America/Mexico_City";
const hours = new Intl.DateTimeFormat("es-MX", { hour: "numeric", minute: "2-digit", timeZone: ZONE });
const days = new Intl.DateTimeFormat("es-MX", { weekday: "long", day: "numeric", month: "long", timeZone: ZONE });
const stamp = new Intl.DateTimeFormat("es-MX", { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZone: ZONE });

export const hour = (at) => hours.format(new Date(at));
export const moment = (at) => stamp.format(new Date(at));

/** "Hoy", "Ayer" or the date, seen from `today`. */
export function day(at, today) {
  const name = days.format(new Date(at));
  if (name === days.format(today)) return "Hoy";
  if (name === days.format(new Date(today - 86400e3))) return "Ayer";
  return name;
}

export function phoneNumber(address) {
  const digits = address.replace(/\D/g, "").slice(-10);
  return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
}

export function bytes(size) {
  if (size < 1024) return `${size} B`;
  return size < 1024 * 1024 ? `${Math.round(size / 1024)} KB` : `${(size / 1048576).toFixed(1)} MB`;
}

/** A steady colour for a name. */
export function hue(name) {
  let value = 7;
  for (const letter of name) value = (value * 31 + letter.codePointAt(0)) % 360;
  return value;
}

export function initials(name) {
  const words = name.replace(/^Doña\s+/, "").split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "?";
}

/** One line about a message, for previews and quotes. */
export function summary(line) {
  const body = line.message;
  if (line.shown) return line.shown.body;
  const kind = body.type ?? "text";
  const media = { image: "Foto", video: "Video", document: "Documento", audio: "Nota de voz", sticker: "Sticker" };
  if (kind === "text") return body.text?.body ?? "";
  if (media[kind]) return body[kind].caption || body[kind].filename || media[kind];
  if (kind === "interactive") {
    const inner = body.interactive;
    return inner.button_reply?.title ?? inner.list_reply?.title ?? inner.body?.text ?? "Formulario";
  }
  if (kind === "button") return body.button.text;
  return { location: "Ubicación", contacts: "Contacto", reaction: "Reacción" }[kind] ?? kind;
}
