// Puts the page together.
import { choose, show } from "./actions.js";
import { buildChat } from "./chat.js";
import { el, toast } from "./dom.js";
import { listen } from "./events.js";
import { icon } from "./icons.js";
import { loadLetters } from "./inbox.js";
import { buildPanel } from "./panel.js";
import { buildPeople, loadPeople } from "./people.js";
import { on, state, tell } from "./store.js";
import { loadClock } from "./time.js";

const byId = (id) => document.getElementById(id);

function buildTabbar(root) {
  const views = [["people", "Personas", "people"], ["phone", "Teléfono", "phone"], ["panel", "Mensajes y control", "inbox"]];
  const badge = el("span", { class: "badge", hidden: true });
  const buttons = views.map(([view, words, sign]) => el("button", { type: "button", onclick: () => show(view) }, icon(sign), words, view === "panel" && badge));
  root.append(...buttons);
  const mark = (current) => buttons.forEach((button, at) => button.setAttribute("aria-current", String(views[at][0] === current)));
  on("view", mark);
  on("letters", () => { badge.hidden = !state.newLetters; badge.textContent = String(state.newLetters); });
  mark(document.body.dataset.view);
}

async function start() {
  buildPeople(byId("people"));
  buildChat(byId("phone"));
  buildPanel(byId("panel"));
  buildTabbar(byId("tabbar"));
  await Promise.all([loadClock(), loadPeople(), loadLetters()]);
  state.newLetters = 0;
  tell("letters");
  tell("clock");
  const wanted = new URLSearchParams(location.search).get("persona") ?? localStorage.getItem("maria.person");
  const first = state.people.find((one) => one.key === wanted || one.name === wanted) ?? state.people[0];
  listen();
  if (first) await choose(first.key);
  const words = new URLSearchParams(location.search).get("text"); // as a wa.me link: written, not sent
  if (words) tell("draft", words);
}

start().catch((problem) => toast(`La página no pudo empezar: ${problem.message}`, true));
