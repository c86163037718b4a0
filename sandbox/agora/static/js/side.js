// The right side: contact, attributes, labels, other conversations.
import { el, toast } from "/phone/static/js/dom.js";
import { hue, initials, moment, phoneNumber } from "/phone/static/js/format.js";
import { icon } from "/phone/static/js/icons.js";
import { attempt, markUnread, setLabels, setStatus, show } from "./actions.js";
import { get } from "./api.js";
import { choose } from "./list.js";
import { sign } from "./signs.js";
import { STATUS, on, state } from "./store.js";

const colour = (title) => state.labels.find((label) => label.title === title)?.color ?? "#5f737c";

const named = (key) => state.fields.find((field) => field.attribute_key === key)?.attribute_display_name ?? key.replaceAll("_", " ");

function pairs(values) {
  const rows = Object.entries(values ?? {}).filter(([, value]) => value !== null && value !== "");
  if (!rows.length) return el("p", { class: "hint" }, "Ninguno todavía.");
  const copy = (value) => async () => { await attempt(() => navigator.clipboard.writeText(String(value))); toast("Copiado."); };
  return el("dl", { class: "facts-list" }, rows.map(([name, value]) => [el("dt", {}, named(name)),
    el("dd", {}, typeof value === "object" ? JSON.stringify(value) : String(value), el("button", { class: "tool", type: "button", "aria-label": `Copiar ${named(name)}`, onclick: copy(value) }, icon("copy")))]));
}

function labels(talk) {
  const chips = talk.labels.map((title) => el("span", { class: "label", style: `--tone:${colour(title)}` }, title,
    el("button", { type: "button", "aria-label": `Quitar ${title}`, onclick: () => setLabels(talk.labels.filter((one) => one !== title)) }, icon("close"))));
  const free = state.labels.filter((label) => !talk.labels.includes(label.title));
  const add = el("select", { "aria-label": "Agregar etiqueta", onchange: () => add.value && setLabels([...talk.labels, add.value]) },
    el("option", { value: "" }, "+ Agregar etiqueta"), free.map((label) => el("option", { value: label.title, title: label.description }, label.title)));
  return el("div", { class: "labels" }, chips, add);
}

function contactCard(sender) {
  const name = sender.name || "Sin nombre";
  const lines = [sender.phone_number && phoneNumber(sender.phone_number), sender.email, sender.identifier].filter(Boolean);
  const phone = (sender.phone_number ?? "").replace(/\D/g, "").slice(-10);
  return el("div", { class: "contact" }, el("span", { class: "avatar big", style: `--hue:${hue(name)}`, "aria-hidden": "true" }, initials(name)), el("h2", {}, name), lines.map((words) => el("p", {}, words)),
    phone && el("a", { class: "button quiet", href: `/?persona=${phone}`, target: "_blank" }, icon("phone"), "Ver su teléfono de pruebas"));
}

async function others(talk, box) {
  const { payload } = await get(`contacts/${talk.meta.sender.id}/conversations`);
  const rows = payload.filter((one) => one.id !== talk.id);
  box.replaceChildren(...(rows.length ? rows.map((one) => el("button", { class: "other", type: "button", onclick: () => choose(one.id) }, el("b", {}, `#${one.id}`), STATUS[one.status], el("time", {}, moment(one.created_at * 1000))))
    : [el("p", { class: "hint" }, "Ninguna.")]));
}

const section = (title, ...content) => el("section", {}, el("h3", {}, title), content);

export function buildSide(root) {
  const previous = el("div", { class: "others" });
  const back = el("div", { class: "side-head" }, el("button", { class: "round back", type: "button", "aria-label": "Volver a la conversación", onclick: () => show("talk") }, sign("back")), el("h2", {}, "Datos"));
  const body = el("div", { class: "side-body" });
  root.append(back, body);

  function draw() {
    const talk = state.talk;
    root.classList.toggle("empty", !talk);
    if (!talk) return body.replaceChildren();
    const snooze = () => setStatus("snoozed", { snoozed_until: Math.floor(Date.now() / 1000) + 3600 });
    return body.replaceChildren(contactCard(talk.meta.sender), section("Etiquetas", labels(talk)), section("De esta conversación", pairs(talk.custom_attributes)),
      section("Del ciudadano", pairs(talk.meta.sender.custom_attributes)), section("Origen", pairs(talk.additional_attributes)), section("Otras conversaciones", previous),
      section("Más", el("div", { class: "extra" }, el("button", { class: "button quiet", type: "button", onclick: markUnread }, "Marcar como no leída"), talk.status === "open" && el("button", { class: "button quiet", type: "button", onclick: snooze }, icon("clock"), "Posponer una hora"))));
  }

  on("talk", () => { draw(); if (state.talk) attempt(() => others(state.talk, previous)); });
  on("talk-changed", draw);
  draw();
}
