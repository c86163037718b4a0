// What can be tapped under a bubble: reply buttons, lists, links, location, forms, template buttons.
import { act } from "./actions.js";
import { askPlace } from "./attach.js";
import { el, toast } from "./dom.js";
import { icon } from "./icons.js";
import { flowSheet, listSheet } from "./sheet.js";

function option(words, sign, onTap) {
  const button = el("button", { class: "option", type: "button" }, sign && icon(sign), words);
  button.addEventListener("click", () => { button.classList.add("used"); onTap(); });
  return button;
}

function link(words, address) {
  return el("a", { class: "option", href: address, target: "_blank", rel: "noreferrer" }, icon("link"), words);
}

function ofInteractive(line) {
  const { type, action } = line.message.interactive;
  if (type === "button") {
    return action.buttons.map(({ reply }) => option(reply.title, "reply", () => act({ button: { id: reply.id, title: reply.title } }, line.id)));
  }
  if (type === "list") {
    const pick = ({ id, title, description }) => act({ list: { id, title, description } }, line.id);
    const button = el("button", { class: "option", type: "button", onclick: () => listSheet(line, pick) }, icon("list"), action.button);
    return [button];
  }
  if (type === "cta_url") return [link(action.parameters.display_text, action.parameters.url)];
  if (type === "location_request_message") return [option("Enviar ubicación", "pin", () => askPlace(line.id))];
  if (type === "flow") return [option(action.parameters.flow_cta, "file", () => flowSheet(line, (flow) => act({ flow }, line.id)))];
  return [];
}

function ofTemplate(line) {
  return line.shown.buttons.map((button) => {
    if (button.type === "url") return link(button.text, (button.url ?? "").replace(/\{\{1\}\}/, button.payload ?? ""));
    if (button.type === "otp" || button.type === "copy_code") return option(button.text, "copy", () => copy(button.payload ?? ""));
    const reply = { text: button.text, payload: button.payload ?? button.text };
    return option(button.text, "reply", () => act({ quick_reply: reply }, line.id));
  });
}

export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast(`Copiado: ${words}`);
  } catch {
    toast(words);
  }
}

/** The block under a bubble, or null. */
export function options(line) {
  if (line.direction !== "out") return null;
  const found = line.shown ? ofTemplate(line) : line.message.type === "interactive" ? ofInteractive(line) : [];
  return found.length ? el("div", { class: "options" }, found) : null;
}
