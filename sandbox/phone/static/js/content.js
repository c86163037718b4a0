// The inside of a bubble, by kind of message.
import { el } from "./dom.js";
import { hue, initials, marked } from "./format.js";
import { icon } from "./icons.js";
import { mapDrawing } from "./map.js";
import { lightbox } from "./sheet.js";
import { voicePlayer } from "./voice.js";

const words = (text) => text && el("div", { class: "body" }, ...marked(text));
const small = (text) => text && el("div", { class: "small" }, text);

/** Where the page finds a medium: an uploaded id, or a link. */
const source = (media) => (media.id ? `/control/whatsapp/media/${encodeURIComponent(media.id)}` : media.link);

function photo(media, sticker = false) {
  const image = el("img", { src: source(media), alt: media.caption || (sticker ? "Sticker" : "Foto"), loading: "lazy" });
  const open = () => lightbox(source(media), media.caption);
  return el("button", { class: sticker ? "photo sticker" : "photo", type: "button", onclick: open, "aria-label": "Ver imagen" }, image);
}

function file(media) {
  const name = media.filename || "documento.pdf";
  const kind = (name.split(".").pop() || "PDF").slice(0, 4).toUpperCase();
  const size = el("small", {}, kind);
  fetch(source(media)).then(async (answer) => {
    const length = (await answer.blob()).size;
    size.textContent = `${kind} · ${length < 1048576 ? `${Math.max(1, Math.round(length / 1024))} KB` : `${(length / 1048576).toFixed(1)} MB`}`;
  }).catch(() => { size.textContent = `${kind} · no disponible`; });
  return el("a", { class: "file", href: source(media), target: "_blank", rel: "noreferrer", "aria-label": `Abrir ${name}` },
    el("span", { class: "file-kind", "data-kind": kind }, kind), el("span", {}, el("span", { class: "file-name" }, name), size), icon("link"));
}

function place(location) {
  const title = location.name || `${Number(location.latitude).toFixed(5)}, ${Number(location.longitude).toFixed(5)}`;
  return el("div", { class: "place" }, mapDrawing(location.latitude, location.longitude),
    el("div", { class: "place-text" }, el("strong", {}, title), location.address && el("small", {}, location.address)));
}

function card(contact) {
  const name = contact.name.formatted_name;
  return el("div", { class: "card-person" }, el("span", { class: "avatar", style: `--hue:${hue(name)}` }, initials(name)),
    el("div", {}, el("strong", {}, name), (contact.phones ?? []).map((phone) => el("small", {}, phone.phone))));
}

function media(kind, part) {
  if (kind === "image") return [photo(part), words(part.caption)];
  if (kind === "sticker") return [photo(part, true)];
  if (kind === "video") return [el("video", { src: source(part), controls: true, preload: "metadata" }), words(part.caption)];
  if (kind === "document") return [file(part), words(part.caption)];
  return [voicePlayer(source(part))];
}

function header(head) {
  if (!head) return null;
  return head.type === "text" ? el("div", { class: "head" }, head.text) : media(head.type, head[head.type]);
}

function interactive(part) {
  if (part.type === "button_reply") return [words(part.button_reply.title)];
  if (part.type === "list_reply") return [words(part.list_reply.title), small(part.list_reply.description)];
  if (part.type === "nfm_reply") return [words("Formulario enviado"), small(part.nfm_reply.response_json)];
  return [header(part.header), words(part.body?.text), small(part.footer?.text)];
}

/** The nodes of a message and the class its bubble needs. */
export function content(line) {
  const body = line.message;
  const kind = body.type ?? "text";
  if (line.shown) return { nodes: [header(line.shown.header), words(line.shown.body), small(line.shown.footer)], look: line.shown.header && line.shown.header.type !== "text" ? "media" : "" };
  if (kind === "text") return { nodes: [words(body.text.body)], look: "" };
  if (kind === "sticker") return { nodes: media(kind, body.sticker), look: "plain" };
  if (["image", "video", "document", "audio"].includes(kind)) return { nodes: media(kind, body[kind]), look: "media" };
  if (kind === "location") return { nodes: [place(body.location)], look: "media" };
  if (kind === "contacts") return { nodes: body.contacts.map(card), look: "" };
  if (kind === "interactive") return { nodes: interactive(body.interactive), look: body.interactive.header && body.interactive.header.type !== "text" ? "media" : "" };
  if (kind === "button") return { nodes: [words(body.button.text)], look: "" };
  return { nodes: [el("em", {}, `(${kind})`)], look: "" };
}
