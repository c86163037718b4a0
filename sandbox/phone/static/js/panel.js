// The right side: inbox, time, faults, bank.
import { buildFaults } from "./faults.js";
import { buildInbox } from "./inbox.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { on, state, tell } from "./store.js";
import { buildTime } from "./time.js";

const TABS = [
  ["inbox", "Bandeja", "inbox", buildInbox], ["time", "Tiempo", "clock", buildTime],
  ["faults", "Fallas", "bolt", buildFaults], ["bank", "Banco", "bank", buildBank],
];

function buildBank() {
  return el("div", { class: "tabpage" }, el("p", { class: "hint" }, "Aquí se paga lo que María cobra: en la tienda, por SPEI o con tarjeta."),
    el("a", { class: "button primary", href: "/conekta/banco", target: "_blank", style: "text-decoration:none" }, icon("bank"), "Abrir el banco"),
    el("p", { class: "hint" }, "Cuando María pasa la conversación a una persona, llega a AGORA, la bandeja de los agentes."),
    el("a", { class: "button", href: "/agora/", target: "_blank", style: "text-decoration:none" }, icon("inbox"), "Abrir la bandeja de AGORA"));
}

export function buildPanel(root) {
  const pages = TABS.map(([id, , , build]) => Object.assign(build(), { id: `page-${id}` }));
  const badge = el("span", { class: "badge", hidden: true });
  const buttons = TABS.map(([id, words, sign], at) => el("button", {
    type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `page-${id}`, onclick: () => select(at),
    onkeydown: (event) => arrows(event, at),
  }, icon(sign), words, id === "inbox" && badge));
  pages.forEach((page, at) => { page.setAttribute("role", "tabpanel"); page.setAttribute("aria-labelledby", buttons[at].id); page.tabIndex = 0; });
  root.append(el("div", { class: "tabs", role: "tablist" }, buttons), ...pages);

  function select(chosen) {
    buttons.forEach((button, at) => { button.setAttribute("aria-selected", String(at === chosen)); button.tabIndex = at === chosen ? 0 : -1; });
    pages.forEach((page, at) => { page.hidden = at !== chosen; });
    tell("tab", TABS[chosen][0]);
  }
  function arrows(event, at) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (at + step + TABS.length) % TABS.length;
    select(next);
    buttons[next].focus();
  }
  on("letters", () => { badge.hidden = !state.newLetters; badge.textContent = String(state.newLetters); });
  select(0);
}
