// Puts the page together.
import { toast } from "/phone/static/js/dom.js";
import { moment } from "/phone/static/js/format.js";
import { loadRows, openTalk, show } from "./actions.js";
import { get } from "./api.js";
import { listenKeys } from "./keys.js";
import { buildList } from "./list.js";
import { listen, loadClock } from "./live.js";
import { buildSide } from "./side.js";
import { now, on, state } from "./store.js";
import { buildTalk } from "./talk.js";

const byId = (id) => document.getElementById(id);

async function takeSeat() {
  state.agents = await get("/agora/session");
  const wanted = Number(localStorage.getItem("agora.agent"));
  state.me = state.agents.find((one) => one.id === wanted) ?? state.agents[0];
  const [teams, labels, canned, inboxes, fields] = await Promise.all(["teams", "labels", "canned_responses", "inboxes", "custom_attribute_definitions"].map((path) => get(path)));
  Object.assign(state, { teams, labels: labels.payload, canned, fields, inbox: inboxes.payload[0] });
}

function tick() {
  byId("clock").textContent = moment(now());
}

async function start() {
  await takeSeat();
  buildList(byId("list"));
  buildTalk(byId("talk"));
  buildSide(byId("side"));
  listenKeys();
  on("clock", tick);
  setInterval(tick, 10000);
  await Promise.all([loadClock(), loadRows()]);
  listen();
  const wanted = Number(new URLSearchParams(location.search).get("conversacion"));
  if (!wanted) return;
  await openTalk(wanted).then(() => show("talk"), () => { state.current = null; });
}

start().catch((problem) => toast(`La página no pudo empezar: ${problem.message}`, true));
