// The list of citizens on the left.
import { choose, show } from "./actions.js";
import { get } from "./api.js";
import { el } from "./dom.js";
import { hour, hue, initials, phoneNumber, summary } from "./format.js";
import { icon } from "./icons.js";
import { askNumber } from "./newnumber.js";
import { keyOf, on, state, tell } from "./store.js";

const OWN = "maria.numbers";

/** Read the people of the data, one's own numbers, and whoever else has a chat. */
export async function loadPeople() {
  const [persons, accounts, chats] = await Promise.all([
    get("/control/data/persons"), get("/control/data/accounts"), get("/control/whatsapp/chats"),
  ]);
  state.people = persons.map((one) => {
    const address = one.wa_id ?? one.bsuid;
    const contracts = accounts.filter((a) => a.phones.some((p) => keyOf(p) === keyOf(address))).map((a) => a.contract);
    const told = [...one.story.matchAll(/\b\d{6,10}\b/g)].map((m) => m[0]);
    return { key: keyOf(address), address, name: one.name, story: one.story, contracts: [...new Set([...told, ...contracts])], group: "data" };
  });
  for (const own of JSON.parse(localStorage.getItem(OWN) ?? "[]")) addPerson(own, false);
  for (const chat of chats.slice(-40)) addPerson({ address: chat.wa_id ?? chat.user_id, name: chat.name, group: "other" }, false);
  tell("people");
}

/** Add somebody who is not in the data; gives the key. */
export function addPerson({ address, name, group = "own" }, keep = true) {
  const key = keyOf(address);
  if (!state.people.some((one) => one.key === key)) {
    const label = name || (address.includes(".") ? address : phoneNumber(address));
    state.people.push({ key, address, name: label, story: address.includes(".") ? address : `+${address}`, contracts: [], group });
  }
  if (keep) {
    const own = state.people.filter((one) => one.group === "own").map((o) => ({ address: o.address, name: o.name }));
    localStorage.setItem(OWN, JSON.stringify(own));
  }
  return key;
}

export function buildPeople(root) {
  const filter = el("input", { type: "search", placeholder: "Buscar persona o contrato", "aria-label": "Buscar persona o contrato", oninput: () => draw() });
  const list = el("div", { class: "people-list" });
  const fresh = el("button", { class: "new-number", type: "button", onclick: askNumber }, icon("plus"), "Número nuevo");
  root.append(el("div", { class: "people-head" }, el("h2", {}, "Personas", fresh), el("div", { class: "search" }, icon("search"), filter)), list);

  function draw() {
    const wanted = filter.value.trim().toLowerCase();
    const fits = (one) => [one.name, one.story, one.address, ...one.contracts].join(" ").toLowerCase().includes(wanted);
    const groups = [["own", "Números nuevos"], ["data", "Personas de prueba"], ["other", "Otros chats"]];
    list.replaceChildren(...groups.flatMap(([group, title]) => {
      const found = state.people.filter((one) => one.group === group && fits(one));
      return found.length ? [el("h3", {}, title), ...found.map(row)] : [];
    }));
  }

  on("people", draw);
  on("preview", draw);
}

function row(one) {
  const lines = state.threads.get(one.key)?.lines ?? [];
  const last = lines.at(-1);
  const unread = state.unread.get(one.key);
  const chosen = one.key === state.current;
  const go = () => { choose(one.key); show("phone"); };
  return el("button", { class: "person", type: "button", "aria-current": String(chosen), onclick: go },
    el("span", { class: "avatar", style: `--hue:${hue(one.name)}`, "aria-hidden": "true" }, initials(one.name)),
    el("span", { class: "person-name" }, one.name),
    unread ? el("span", { class: "badge", "aria-label": `${unread} sin leer` }, String(unread)) : el("span", { class: "person-time" }, last ? hour(last.at) : ""),
    el("span", { class: "person-story" }, last && !chosen ? summary(last) : one.story),
    one.contracts.length ? el("span", { class: "contracts" }, one.contracts.slice(0, 4).map((c) => el("span", {}, c)),
      one.contracts.length > 4 && el("span", {}, `+${one.contracts.length - 4}`)) : null);
}
