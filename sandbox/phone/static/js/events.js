// Live updates from the sandbox, by server-sent events.
import { openThread } from "./actions.js";
import { loadLetters } from "./inbox.js";
import { addPerson, loadPeople } from "./people.js";
import { person, state, tell, thread } from "./store.js";

const TYPING_MS = 25000;

let letters;

/** A burst of SMS and e-mails is read once. */
function lettersSoon() {
  clearTimeout(letters);
  letters = setTimeout(loadLetters, 150);
}

function stopTyping(key) {
  clearTimeout(state.typing.get(key));
  state.typing.delete(key);
  if (key === state.current) tell("typing");
}

function newLine({ chat, line }) {
  if (!person(chat)) addPerson({ address: line.message.from || line.message.to || chat, group: "other" }, false);
  if (line.direction === "out") stopTyping(chat);
  const known = thread(chat);
  if (known.lines.some((other) => other.id === line.id)) return;
  known.lines.push(line);
  if (line.direction === "in") known.windowOpen = true;
  if (chat === state.current) tell("line", line);
  else if (line.direction === "out") state.unread.set(chat, (state.unread.get(chat) ?? 0) + 1);
  tell("preview");
}

function newStatus({ id, status, error }) {
  for (const [key, { lines }] of state.threads) {
    const line = lines.find((other) => other.id === id);
    if (!line) continue;
    const shows = line.direction === "in" || status === "failed";
    Object.assign(line, { status, error });
    if (key === state.current && shows) tell("status", id);
  }
}

function newMark({ chat, id, typing }) {
  for (const line of thread(chat).lines) {
    if (line.direction === "in" && line.status !== "read") {
      line.status = "read";
      if (chat === state.current) tell("status", line.id);
    }
    if (line.id === id) break;
  }
  if (!typing) return;
  clearTimeout(state.typing.get(chat));
  state.typing.set(chat, setTimeout(() => stopTyping(chat), TYPING_MS));
  if (chat === state.current) tell("typing");
}

/** Read everything again: after a reset, after time passed, after the line was cut. */
export async function refresh() {
  state.threads.clear();
  for (const key of [...state.typing.keys()]) stopTyping(key);
  await Promise.all([loadPeople(), loadLetters()]);
  if (state.current) await openThread(state.current);
  tell("clock");
}

export function listen() {
  const light = document.getElementById("link-state");
  const source = new EventSource("/phone/events");
  let broken = false;
  source.onopen = () => {
    light.dataset.on = "1";
    light.textContent = "En vivo";
    if (broken) refresh();
    broken = false;
  };
  source.onerror = () => { light.dataset.on = "0"; light.textContent = "Reconectando…"; broken = true; };
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    const handlers = { "whatsapp.message": newLine, "whatsapp.status": newStatus, "whatsapp.mark": newMark, sms: lettersSoon, email: lettersSoon, reset: refresh };
    handlers[event.type]?.(event);
  };
}
