// The inside of a message, drawn as WhatsApp draws it.
import { el } from "/phone/static/js/dom.js";
import { bytes, marked } from "/phone/static/js/format.js";
import { icon } from "/phone/static/js/icons.js";
import { mapDrawing } from "/phone/static/js/map.js";
import { lightbox } from "/phone/static/js/sheet.js";
import { voicePlayer } from "/phone/static/js/voice.js";
import { markdown } from "./markdown.js";

const PLACE = /https?:\/\/(?:maps\.google\.com\/\?q=|www\.google\.com\/maps\/?\?q=|maps\.app\.goo\.gl\/\?q=)(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)/;
const CHOICE = /^\s*(?:▫️|▪️|◻️|🔘)\s*(.+)$/u;
export const REACTION = /^\((?:reaccionó ([^\s:)]+)|quitó su reacción)(?: a)?(?::.*?)?\)/su;

/** Only the path: the page may be open under another name of the same host. */
const local = (url) => new URL(url, location.href).pathname;

function photo(file, words) {
  const source = local(file.data_url);
  return el("button", { class: "photo", type: "button", "aria-label": "Ver imagen", onclick: () => lightbox(source, words) },
    el("img", { src: source, alt: words || "Foto", loading: "lazy" }));
}

function fileCard(file) {
  const kind = (file.extension || "doc").slice(0, 4).toUpperCase();
  const name = decodeURIComponent(local(file.data_url).split("/").pop());
  return el("a", { class: "file", href: local(file.data_url), target: "_blank", rel: "noreferrer", "aria-label": `Abrir ${name}` },
    el("span", { class: "file-kind", "data-kind": kind }, kind),
    el("span", {}, el("span", { class: "file-name" }, name), el("small", {}, `${kind} · ${bytes(file.file_size)}`)), icon("link"));
}

function attachment(file, words) {
  if (file.file_type === "image") return photo(file, words);
  if (file.file_type === "video") return el("video", { src: local(file.data_url), controls: true, preload: "metadata" });
  if (file.file_type === "audio") return voicePlayer(local(file.data_url));
  return fileCard(file);
}

function place(latitude, longitude, words) {
  const href = `https://maps.google.com/?q=${latitude},${longitude}`;
  return el("div", { class: "place" }, mapDrawing(Number(latitude), Number(longitude)),
    el("div", { class: "place-text" }, el("strong", {}, words || "Ubicación"),
      el("small", {}, `${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)} · `, el("a", { href, target: "_blank", rel: "noreferrer" }, "abrir mapa"))));
}

/** A location is text with a map link, or our own attribute. */
export function placeOf(line) {
  const own = line.content_attributes?.location;
  if (own && Number.isFinite(Number(own.latitude)) && Number.isFinite(Number(own.longitude))) {
    return { node: place(own.latitude, own.longitude, [own.name, own.address].filter(Boolean).join(" · ")), rest: "" };
  }
  const text = line.content ?? "";
  const found = text.match(PLACE);
  if (!found) return null;
  const rest = text.replace(found[0], "").replace(/^\s*📍?\s*(ubicación)?:?\s*/iu, "").trim().replace(/^\((.*)\)$/s, "$1");
  return { node: place(found[1], found[2], rest), rest: "" };
}

const chips = (titles) => el("div", { class: "options shown" }, titles.map((words) => el("span", { class: "option" }, words)));

/** Up to three are buttons, more a list. */
function choices(titles) {
  if (titles.length <= 3) return chips(titles);
  return el("details", { class: "choices" }, el("summary", { class: "option" }, icon("list"), `Lista de ${titles.length} opciones`),
    el("ul", {}, titles.map((words) => el("li", {}, words))));
}

function card(item) {
  return el("div", { class: "card" }, el("strong", {}, item.title), item.description && el("p", {}, item.description),
    (item.actions ?? []).map((action) => el("span", { class: "option" }, action.text)));
}

function extras(line) {
  const { items = [], submitted_values: given } = line.content_attributes ?? {};
  const parts = [];
  if (line.content_type === "input_select") parts.push(choices(items.map((item) => item.title)));
  if (line.content_type === "cards") parts.push(...items.map(card));
  if (line.content_type === "article") parts.push(...items.map((item) => el("div", { class: "card" }, el("strong", {}, item.title), el("p", {}, item.description))));
  if (Array.isArray(given) && given.length) parts.push(el("p", { class: "small" }, `Eligió: ${given.map((one) => one.title ?? one.value).join(", ")}`));
  const rating = given?.csat_survey_response;
  if (rating) parts.push(el("p", { class: "rating", "aria-label": `Calificación ${rating.rating} de 5` }, "★".repeat(rating.rating) + "☆".repeat(5 - rating.rating), rating.feedback_message && el("q", {}, rating.feedback_message)));
  return parts;
}

/** Text without the lines that stand for buttons, and those lines. */
function split(text) {
  const rows = text.split("\n");
  const titles = rows.map((row) => row.match(CHOICE)?.[1]).filter(Boolean);
  return { text: rows.filter((row) => !CHOICE.test(row)).join("\n").trim(), titles };
}

function words(line, text) {
  if (!text) return null;
  if (line.private || line.sender?.type === "user") return el("div", { class: "body md" }, ...markdown(text));
  return el("div", { class: "body" }, ...marked(text.replace(/\*\*([^*\n]+)\*\*/g, "*$1*")));
}

/** The nodes of a message and whether it is mostly a picture. */
export function content(line) {
  if (line.content_attributes?.deleted) return { nodes: [el("em", { class: "small" }, "Mensaje eliminado")], look: "" };
  if (line.content_attributes?.is_unsupported) return { nodes: [el("em", { class: "small" }, "Este mensaje solo se ve en WhatsApp."), words(line, line.content)], look: "" };
  const found = line.private ? null : placeOf(line);
  if (found) return { nodes: [found.node, words(line, found.rest)], look: "media" };
  const files = (line.attachments ?? []).map((file) => attachment(file, line.content));
  const { text, titles } = line.private ? { text: line.content ?? "", titles: [] } : split(line.content ?? "");
  return { nodes: [...files, words(line, text)], below: [...(titles.length ? [choices(titles)] : []), ...extras(line)], look: files.length ? "media" : "" };
}
