// What the page knows. Parts listen to topics; nobody else keeps a copy.

const listeners = new Map();

export const state = {
  people: [], // {key, address, name, story, contracts, group}
  current: null, // key of the chosen person
  threads: new Map(), // key → {lines, windowOpen, loaded}
  unread: new Map(), // key → number
  typing: new Map(), // key → timer
  letters: [], // SMS and e-mails, newest first
  newLetters: 0,
  lettersRead: false,
  offset: 0, // sandbox time minus this machine's, in ms
};

export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const person = (key = state.current) => state.people.find((one) => one.key === key);

export function thread(key) {
  if (!state.threads.has(key)) state.threads.set(key, { lines: [], windowOpen: true, loaded: false });
  return state.threads.get(key);
}

/** The last ten digits, or a BSUID as it is. */
export const keyOf = (address) => (/^[A-Z]{2}\./.test(address) ? address : address.replace(/\D/g, "").slice(-10));

export const now = () => new Date(Date.now() + state.offset);
