// What an agent can do. Problems are shown, not thrown.
import { toast } from "/phone/static/js/dom.js";
import { get, post, postForm, remove } from "./api.js";
import { state, tell } from "./store.js";

const one = (path = "") => `conversations/${state.current}${path}`;

/** Run something and show what AGORA says when it refuses. */
export async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    toast(problem.message, true);
    return undefined;
  }
}

export async function loadRows() {
  const { status, assignee, team, q } = state.filters;
  const rows = [];
  let page = 1;
  let full = false;
  for (; page <= state.pages; page += 1) {
    const query = new URLSearchParams({ status, assignee_type: assignee, page, ...(team && { team_id: team }), ...(q && { q }) });
    const { data } = await get(`conversations?${query}`);
    state.meta = data.meta;
    rows.push(...data.payload);
    full = data.payload.length < 25;
    if (full) break;
  }
  state.rows = rows;
  state.full = full;
  tell("rows");
}

export async function loadCases() {
  state.cases = (await get("/control/agora/tickets")).reverse();
  tell("rows");
}

export async function openTalk(display) {
  state.current = display;
  state.lines = [];
  const [talk, page] = await Promise.all([get(one()), get(one("/messages"))]);
  if (state.current !== display) return;
  state.talk = talk;
  state.lines = page.payload;
  state.begins = page.payload.length < 20;
  history.replaceState(null, "", `?conversacion=${display}`);
  tell("talk");
  tell("rows");
  await seen();
}

export async function loadOlder() {
  if (state.begins || !state.lines.length) return;
  const display = state.current;
  const { payload } = await get(one(`/messages?before=${state.lines[0].id}`));
  if (state.current !== display) return;
  state.begins = payload.length < 20;
  state.lines = [...payload, ...state.lines];
  tell("older");
}

/** Fetch one message again, or for the first time. */
export async function loadLine(id) {
  const display = state.current;
  const { payload } = await get(one(`/messages?after=${id}&before=${id + 1}`));
  if (state.current !== display || !payload.length) return;
  const at = state.lines.findIndex((line) => line.id === id);
  if (at >= 0) state.lines[at] = payload[0];
  else state.lines = [...state.lines, payload[0]].sort((a, b) => a.id - b.id);
  tell(at >= 0 ? "line-changed" : "line", payload[0]);
  if (at < 0 && payload[0].message_type === 0) await seen();
}

export async function loadTalk() {
  const display = state.current;
  const talk = await get(one());
  if (state.current !== display) return;
  state.talk = talk;
  tell("talk-changed");
}

/** The agent has it before their eyes. */
export async function seen() {
  if (document.hidden || !state.talk?.unread_count) return;
  state.talk = await post(one("/update_last_seen"));
}

export async function send({ text, note, files, quote }) {
  const fields = { content: text, message_type: "outgoing", private: String(note) };
  if (quote) fields.content_attributes = JSON.stringify({ in_reply_to: quote.id });
  await postForm(one("/messages"), fields, files);
}

export const setStatus = (status, more = {}) => attempt(() => post(one("/toggle_status"), { status, ...more }));
export const setPriority = (priority) => attempt(() => post(one("/toggle_priority"), { priority: priority || null }));
export const assign = (id) => attempt(() => post(one("/assignments"), { assignee_id: id || null }));
export const setTeam = (id) => attempt(() => post(one("/assignments"), { team_id: id || null }));
export const setLabels = (labels) => attempt(() => post(one("/labels"), { labels }));
export const retry = (id) => attempt(() => post(one(`/messages/${id}/retry`)));
export const erase = (id) => attempt(() => remove(one(`/messages/${id}`)));
export const markUnread = () => attempt(() => post(one("/unread")));

/** Leave a closing note if there is one, then resolve or give back. */
export const leave = (status, note) => attempt(async () => {
  if (note) await send({ text: `Para María: ${note}`, note: true, files: [] });
  await post(one("/toggle_status"), { status });
});

let typingUntil = 0;

/** Tell the other side at most every four seconds. */
export function typing(on, note) {
  if (on && Date.now() < typingUntil) return;
  if (!on && !typingUntil) return;
  typingUntil = on ? Date.now() + 4000 : 0;
  post(one("/toggle_typing_status"), { typing_status: on ? "on" : "off", is_private: note }).catch(() => {});
}

export function show(view) {
  document.body.dataset.view = view;
}
