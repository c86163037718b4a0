// What a citizen can do: every function posts one message as the chosen person.
import { base64, get, post } from "./api.js";
import { toast } from "./dom.js";
import { person, state, tell, thread } from "./store.js";

/** Send one kind of message; problems are shown, not thrown. */
export async function act(content, replyTo = null) {
  const who = person();
  if (!who) return;
  const body = { from: who.address, name: who.name, ...content };
  if (replyTo) body.reply_to = replyTo;
  try {
    await post("/control/whatsapp/inbound", body);
  } catch (problem) {
    toast(`No se pudo enviar: ${problem.message}`, true);
  }
}

export const sendText = (text, replyTo) => act({ text }, replyTo);

export async function sendFile(kind, blob, more = {}) {
  const plain = blob.type.split(";")[0];
  const mime = kind === "voice" ? "audio/ogg; codecs=opus" : plain || "application/octet-stream";
  await act({ [kind]: { content: await base64(blob), mime_type: mime, ...more } });
}

export async function sendSample(kind, name, more = {}) {
  const contract = person()?.contracts[0] ?? "0052087";
  const answer = await fetch(`/phone/samples/${name}?contract=${contract}`);
  if (!answer.ok) return toast("Esa muestra no está.", true);
  return sendFile(kind, await answer.blob(), more);
}

export async function openThread(key) {
  const found = await get(`/control/whatsapp/thread?person=${encodeURIComponent(key)}`);
  state.threads.set(key, { lines: found.lines, windowOpen: found.window_open, loaded: true });
  if (key === state.current) tell("thread", key);
}

export async function choose(key) {
  state.current = key;
  state.unread.delete(key);
  localStorage.setItem("maria.person", key);
  tell("person", key);
  tell("people");
  if (!thread(key).loaded) await openThread(key);
  else tell("thread", key);
}

export function show(view) {
  document.body.dataset.view = view;
  tell("view", view);
}
