// What the page knows. Parts listen to topics; nobody else keeps a copy.

const listeners = new Map();

export const state = {
  me: null, // the agent who sits here, with the token
  agents: [],
  teams: [],
  labels: [], // the account's, with colours
  fields: [], // what its attributes are called
  canned: [],
  inbox: null,
  filters: { status: "open", assignee: "all", team: "", priority: "", q: "" },
  tab: "talks", // talks | cases
  rows: [],
  meta: {},
  pages: 1,
  full: true, // nothing more to load
  cases: [],
  current: null, // display id of the open conversation
  talk: null, // the open conversation
  lines: [], // its messages, oldest first
  begins: false, // its first message is loaded
  typing: new Map(), // display id → {name, timer}
  drafts: new Map(), // display id → {text, note}
  offset: 0, // sandbox time minus this machine's, in ms
};

export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const now = () => new Date(Date.now() + state.offset);

export const STATUS = { open: "Abierta", pending: "Con María", resolved: "Resuelta", snoozed: "Pospuesta" };
export const PRIORITY = { urgent: "Urgente", high: "Alta", medium: "Media", low: "Baja" };

/** "4 min" since a Unix time, and how bad that is; null when nobody waits. */
export function waiting(talk) {
  if (!talk.waiting_since || talk.status === "resolved") return null;
  const minutes = Math.max(0, Math.floor((now() / 1000 - talk.waiting_since) / 60));
  const words = minutes < 60 ? `${minutes} min` : minutes < 2880 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} días`;
  return { words, mood: minutes < 5 ? "calm" : minutes < 15 ? "warm" : "hot" };
}
