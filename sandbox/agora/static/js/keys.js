// The keyboard, wherever nothing is being written.
import { el } from "/phone/static/js/dom.js";
import { attempt, show } from "./actions.js";
import { ask } from "./ask.js";
import { step } from "./list.js";
import { state, tell } from "./store.js";
import { giveBack, resolve, takeIt } from "./talk.js";

const KEYS = [
  ["J", "Siguiente conversación", () => step(1)], ["K", "Conversación anterior", () => step(-1)],
  ["R", "Responder", () => write(false)], ["N", "Nota privada", () => write(true)],
  ["A", "Asignármela", () => state.talk && takeIt()], ["E", "Resolver", () => state.talk && resolve()],
  ["M", "Devolver a María", () => state.talk && giveBack()], ["B", "Buscar", () => document.getElementById("search")?.focus()],
  ["?", "Esta ayuda", help],
];

function write(note) {
  if (!state.talk) return;
  show("talk");
  tell("write", note);
}

function help() {
  ask("Teclas", [el("dl", { class: "keys" }, KEYS.map(([key, words]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, words)])), el("p", { class: "hint" }, "Al escribir: / respuestas listas, Intro envía, Esc sale.")]);
}

export function listenKeys() {
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const found = KEYS.find(([key]) => key === event.key.toUpperCase());
    if (!found) return;
    event.preventDefault();
    attempt(async () => found[2]());
  });
}
