// Live updates, by server-sent events.
import { get } from "./api.js";
import { attempt, loadCases, loadLine, loadRows, loadTalk, openTalk } from "./actions.js";
import { state, tell } from "./store.js";

const TYPING_MS = 12000;
const waiting = new Map();

/** Several events of the same kind within a moment are answered once. */
function soon(name, work, ms = 120) {
  if (waiting.has(name)) return;
  waiting.set(name, setTimeout(() => { waiting.delete(name); attempt(work); }, ms));
}

export async function loadClock() {
  state.offset = 1000 * (await get("/control/clock")).offset_seconds;
  tell("clock");
}

function typed({ conversation, typing, by }) {
  if (by === state.me.id) return;
  clearTimeout(state.typing.get(conversation)?.timer);
  state.typing.delete(conversation);
  if (typing) {
    const stop = () => { state.typing.delete(conversation); tell("typing"); };
    state.typing.set(conversation, { name: typing, timer: setTimeout(stop, TYPING_MS) });
  }
  tell("typing");
}

function happened(event) {
  if ("typing" in event) return typed(event);
  soon("rows", loadRows);
  if (event.conversation !== state.current) return undefined;
  if (event.message) soon(`line-${event.message}`, () => loadLine(event.message), 20);
  return soon("talk", loadTalk, 60);
}

async function refresh() {
  await Promise.all([loadClock(), loadRows(), loadCases()]);
  const known = state.rows.some((row) => row.id === state.current);
  if (state.current && known) return openTalk(state.current);
  return undefined;
}

function emptied() {
  state.current = state.talk = null;
  state.lines = [];
  tell("talk");
  attempt(refresh);
}

export function listen() {
  const light = document.getElementById("link-state");
  const source = new EventSource("/agora/events");
  source.onopen = () => {
    light.dataset.on = "1";
    light.textContent = "En vivo";
    attempt(refresh); // what happened while nobody listened, also before the first time
  };
  source.onerror = () => { light.dataset.on = "0"; light.textContent = "Reconectando…"; };
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    const handlers = { agora: happened, "agora.contact": () => state.current && soon("talk", loadTalk), ticket: () => soon("cases", loadCases), reset: emptied };
    handlers[event.type]?.(event);
  };
  document.addEventListener("visibilitychange", () => !document.hidden && state.current && soon("talk", () => openTalk(state.current)));
}
