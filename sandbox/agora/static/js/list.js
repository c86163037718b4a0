// The left side: who sits here, filters, conversations, cases.
import { el } from "/phone/static/js/dom.js";
import { hour, hue, initials, moment } from "/phone/static/js/format.js";
import { icon } from "/phone/static/js/icons.js";
import { attempt, loadCases, loadRows, openTalk, show } from "./actions.js";
import { post } from "./api.js";
import { openCase } from "./cases.js";
import { sign } from "./signs.js";
import { PRIORITY, STATUS, now, on, state, tell, waiting } from "./store.js";

const STATUSES = [["open", "Abiertas"], ["pending", "Con María"], ["snoozed", "Pospuestas"], ["resolved", "Resueltas"], ["all", "Todas"]];
const RANK = { urgent: 0, high: 1, medium: 2, low: 3 };

export const choose = (display) => attempt(async () => { show("talk"); await openTalk(display); });

function select(label, options, value, onchange) {
  return el("select", { "aria-label": label, title: label, value, onchange: (event) => onchange(event.target.value) },
    options.map(([key, words]) => el("option", { value: key, selected: String(key) === String(value) }, words)));
}

async function refilter(change) {
  Object.assign(state.filters, change);
  state.pages = 1;
  await attempt(loadRows);
}

function seat() {
  const people = select("Usted es", state.agents.map((one) => [one.id, one.name]), state.me.id, (id) => {
    localStorage.setItem("agora.agent", id);
    location.reload();
  });
  const presence = select("Disponibilidad", [["online", "En línea"], ["busy", "Ocupado"], ["offline", "Fuera"]], state.me.availability_status,
    (availability) => attempt(() => post(`/control/agora/agents/${state.me.id}`, { availability })));
  return el("div", { class: "seat" }, el("span", { class: "avatar", style: `--hue:${hue(state.me.name)}`, "aria-hidden": "true" }, initials(state.me.name)), people, presence);
}

function tabs(draw) {
  const buttons = [["talks", "Conversaciones"], ["cases", "Casos"]].map(([tab, words]) => el("button", { type: "button", role: "tab", onclick: () => { state.tab = tab; draw(); } }, words));
  const mark = () => buttons.forEach((button, at) => button.setAttribute("aria-selected", String((at === 0) === (state.tab === "talks"))));
  return { node: el("div", { class: "tabs", role: "tablist" }, buttons), mark };
}

function filters() {
  const mine = el("div", { class: "mine", role: "group", "aria-label": "De quién" });
  const draw = () => {
    const { mine_count: own = 0, unassigned_count: free = 0, all_count: all = 0 } = state.meta;
    mine.replaceChildren(...[["all", "Todas", all], ["me", "Mías", own], ["unassigned", "Sin asignar", free]].map(([key, words, count]) =>
      el("button", { type: "button", "aria-pressed": String(state.filters.assignee === key), onclick: () => refilter({ assignee: key }) }, words, el("span", {}, String(count)))));
  };
  on("rows", draw);
  let wait;
  const search = el("input", { type: "search", placeholder: "Buscar en los mensajes", "aria-label": "Buscar en los mensajes", id: "search",
    oninput: () => { clearTimeout(wait); wait = setTimeout(() => refilter({ q: search.value.trim() }), 250); } });
  const teams = [["", "Todos los equipos"], ...state.teams.map((team) => [team.id, team.name])];
  const urgencies = [["", "Cualquier prioridad"], ...Object.entries(PRIORITY)];
  return el("div", { class: "filters" }, el("div", { class: "search" }, icon("search"), search),
    el("div", { class: "selects" }, select("Estado", STATUSES, state.filters.status, (status) => refilter({ status })), select("Equipo", teams, "", (team) => refilter({ team })),
      select("Prioridad", urgencies, "", (priority) => { state.filters.priority = priority; tell("rows"); })), mine);
}

function last(talk) {
  const line = talk.last_non_activity_message;
  if (!line) return "Sin mensajes";
  const who = line.private ? "Nota: " : line.message_type === 0 ? "" : line.sender?.type === "agent_bot" ? "María: " : "Agente: ";
  return who + (line.content ?? (line.attachments?.length ? "Archivo" : "")).replace(/[*_`#>]/g, "").slice(0, 140);
}

function row(talk) {
  const name = talk.meta.sender.name || "Sin nombre";
  const wait = waiting(talk);
  const labels = talk.labels.slice(0, 3).map((title) => el("span", { class: "label", style: `--tone:${colour(title)}` }, title));
  return el("button", { class: `talk-row ${talk.priority ?? ""}`, type: "button", "aria-current": String(talk.id === state.current), "data-talk": talk.id, onclick: () => choose(talk.id) },
    el("span", { class: "avatar", style: `--hue:${hue(name)}`, "aria-hidden": "true" }, initials(name)),
    el("span", { class: "name" }, name, el("small", {}, `#${talk.id}`)),
    el("time", { class: "when" }, when(talk.last_activity_at)),
    el("span", { class: "words" }, last(talk)),
    talk.unread_count ? el("span", { class: "badge", "aria-label": `${talk.unread_count} sin leer` }, String(talk.unread_count)) : null,
    el("span", { class: "facts" }, talk.priority && el("span", { class: `prio ${talk.priority}` }, PRIORITY[talk.priority]), wait && el("span", { class: `wait ${wait.mood}`, title: "Tiempo de espera" }, icon("clock"), wait.words),
      talk.status !== "open" && el("span", { class: "state" }, STATUS[talk.status]), talk.meta.team && el("span", { class: "state" }, talk.meta.team.name), talk.meta.assignee && el("span", { class: "state" }, talk.meta.assignee.name.split(" ")[0]), labels));
}

const colour = (title) => state.labels.find((label) => label.title === title)?.color ?? "#5f737c";

function when(at) {
  const same = new Date(at * 1000).toDateString() === now().toDateString();
  return same ? hour(at * 1000) : moment(at * 1000);
}

const sorted = () => state.rows.filter((talk) => !state.filters.priority || talk.priority === state.filters.priority)
  .sort((a, b) => (RANK[a.priority] ?? 4) - (RANK[b.priority] ?? 4) || Number(b.unread_count > 0) - Number(a.unread_count > 0) || b.last_activity_at - a.last_activity_at);

function caseRow(one) {
  return el("button", { class: `talk-row ${one.priority ?? ""}`, type: "button", onclick: () => openCase(one) }, el("span", { class: "avatar plain" }, sign("case")),
    el("span", { class: "name" }, one.folio), el("time", { class: "when" }, when(new Date(one.created) / 1000)), el("span", { class: "words" }, `${one.title} · ${one.description}`),
    el("span", { class: "facts" }, one.priority && el("span", { class: `prio ${one.priority}` }, PRIORITY[one.priority]), el("span", { class: "state" }, one.status)));
}

export function buildList(root) {
  const box = el("div", { class: "rows" });
  const finder = filters();
  const head = tabs(() => draw());
  const more = el("button", { class: "button quiet more", type: "button", onclick: () => { state.pages += 1; attempt(loadRows); } }, "Ver más");
  root.append(seat(), head.node, finder, box);

  function draw() {
    const talks = state.tab === "talks";
    head.mark();
    finder.hidden = !talks;
    const rows = talks ? sorted().map(row) : state.cases.map(caseRow);
    const held = document.activeElement?.dataset?.talk;
    const empty = el("p", { class: "nothing" }, talks ? "No hay conversaciones aquí. Cuando María pase una, aparece sola." : "Todavía no hay casos.");
    box.replaceChildren(...(rows.length ? rows : [empty]), ...(talks && !state.full ? [more] : []));
    if (held) box.querySelector(`[data-talk="${held}"]`)?.focus();
    const unread = state.rows.reduce((sum, talk) => sum + talk.unread_count, 0);
    document.title = `${unread ? `(${unread}) ` : ""}AGORA · bandeja de pruebas`;
  }

  on("rows", draw);
  on("clock", draw);
  setInterval(draw, 30000);
  attempt(loadCases);
}

/** The next or previous conversation of the list. */
export function step(by) {
  const rows = sorted();
  const at = rows.findIndex((talk) => talk.id === state.current);
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  if (next && next.id !== state.current) choose(next.id);
}
