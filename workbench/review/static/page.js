// The review page. What citizens wrote is only ever put in as text, never as HTML.
const REASONS = {
  missed: "dijo que no entendió",
  offered: "ofreció opciones",
  unsure: "contestó sin estar segura",
};
const groups = document.querySelector("#groups");
const told = document.querySelector("#told");
const undoButton = document.querySelector("#undo");
const history = []; // {ids} of what was decided here, the latest last

async function ask(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Review": "1" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(typeof said.detail === "string" ? said.detail : "No se pudo; actualice la página.");
  return said;
}

function tell(text, wrong = false) {
  told.textContent = text;
  told.classList.toggle("wrong", wrong);
}

function element(name, text, css) {
  const made = document.createElement(name);
  made.textContent = text;
  if (css) made.className = css;
  return made;
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

function makeCard(card, intents) {
  const made = document.querySelector("#card").content.firstElementChild.cloneNode(true);
  const words = made.querySelector(".words");
  words.textContent = card.text;
  const times = card.ids.length > 1 ? `, ${card.ids.length} veces` : "";
  made.querySelector(".why").textContent = `María ${REASONS[card.reason] ?? card.reason}${times}`;
  card.suggested.forEach(({ name, confidence }, at) => {
    const button = element("button", `${at + 1} ${name} (${percent(confidence)})`);
    button.type = "button";
    button.addEventListener("click", () => label(made, name));
    made.querySelector(".suggested").append(button);
  });
  const other = made.querySelector(".other");
  intents.forEach((name) => other.append(element("option", name)));
  other.addEventListener("change", () => other.value && label(made, other.value));
  made.querySelector(".ignore").addEventListener("click", () => ignore(made));
  made.ids = card.ids;
  return made;
}

function show({ groups: found, intents }) {
  groups.replaceChildren();
  for (const { guess, cards } of found) {
    const count = cards.reduce((sum, card) => sum + card.ids.length, 0);
    const title = element("h2", `¿${guess}? `);
    title.append(element("small", `${count} mensaje${count === 1 ? "" : "s"}`));
    const list = document.createElement("ul");
    cards.forEach((card) => list.append(makeCard(card, intents)));
    const section = document.createElement("section");
    section.append(title, list);
    groups.append(section);
  }
  if (!found.length) groups.append(element("p", "No hay nada pendiente. 🎉"));
}

function cards() {
  return [...groups.querySelectorAll(".card")];
}

function here() {
  return document.activeElement?.closest(".card") ?? null;
}

function go(card) {
  (card?.querySelector(".words") ?? groups).focus();
}

function take(card) {
  const all = cards();
  const next = all[all.indexOf(card) + 1] ?? all[all.indexOf(card) - 1];
  const section = card.closest("section");
  history.push({ ids: card.ids });
  undoButton.disabled = false;
  card.remove();
  if (!section.querySelector(".card")) section.remove();
  if (!cards().length) show({ groups: [], intents: [] });
  go(next);
}

async function attempt(card, work) {
  if (card.busy) return;
  card.busy = true;
  try {
    await work();
  } catch (problem) {
    tell(problem.message, true);
    card.querySelector(".other").value = "";
  } finally {
    card.busy = false;
  }
}

function label(card, intent) {
  return attempt(card, async () => {
    const text = card.querySelector(".words").textContent;
    const { written } = await ask("/label", { ids: card.ids, intent, text });
    tell(`Guardado en ${intent}: ${written}`);
    take(card);
  });
}

function ignore(card) {
  return attempt(card, async () => {
    await ask("/ignore", { ids: card.ids });
    tell("Ignorado.");
    take(card);
  });
}

async function undo() {
  const last = history.pop();
  undoButton.disabled = !history.length;
  if (!last) return;
  try {
    await ask("/undo", last);
    await load();
    go(cards().find((card) => card.ids[0] === last.ids[0]));
    tell("Deshecho.");
  } catch (problem) {
    tell(problem.message, true);
  }
}

function edit(card) {
  const words = card.querySelector(".words");
  words.setAttribute("contenteditable", "plaintext-only");
  words.setAttribute("role", "textbox");
  words.setAttribute("aria-label", "Corregir el texto");
  words.focus();
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    for (const name of ["contenteditable", "role", "aria-label"]) words.removeAttribute(name);
  });
}

function typing(target) {
  return target.isContentEditable || target.tagName === "SELECT";
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const card = here();
  const all = cards();
  const at = all.indexOf(card);
  const does = {
    ArrowDown: () => go(all[Math.min(at + 1, all.length - 1)]),
    ArrowUp: () => go(all[Math.max(at - 1, 0)]),
    u: undo,
    x: () => card && ignore(card),
    o: () => card?.querySelector(".other").focus(),
    e: () => card && edit(card),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  const suggestion = card?.querySelectorAll(".suggested button")[Number(event.key) - 1];
  const act = does ?? (suggestion && (() => suggestion.click()));
  if (!act) return;
  event.preventDefault();
  act();
}

async function load() {
  show(await ask("/messages"));
}

undoButton.addEventListener("click", undo);
document.addEventListener("keydown", onKey);
load().then(() => go(cards()[0])).catch((problem) => tell(problem.message, true));
