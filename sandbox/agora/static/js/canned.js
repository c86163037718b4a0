// "/" at the start opens the ready answers.
import { el } from "/phone/static/js/dom.js";
import { state } from "./store.js";

/** Fill in what AGORA would; unknown variables stay and AGORA drops them. */
function filled(text) {
  const known = { "contact.name": state.talk.meta.sender.name, "agent.name": state.me.name.split(" ")[0] };
  return text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name) => known[name] ?? whole);
}

/** The menu over the text box: `look` after typing, `key` before anything else sees a key. */
export function cannedMenu(box, onPick) {
  const node = el("ul", { class: "canned", role: "listbox", id: "canned", "aria-label": "Respuestas listas", hidden: true });
  let found = [];
  let at = 0;
  box.setAttribute("aria-controls", "canned");
  box.setAttribute("aria-autocomplete", "list");

  function draw() {
    node.hidden = !found.length;
    node.replaceChildren(...found.map((one, index) => el("li", { role: "option", id: `canned-${one.id}`, "aria-selected": String(index === at), onmousedown: (event) => { event.preventDefault(); pick(index); } },
      el("b", {}, `/${one.short_code}`), el("span", {}, filled(one.content)))));
    if (found.length) box.setAttribute("aria-activedescendant", `canned-${found[at].id}`);
    else box.removeAttribute("aria-activedescendant");
    node.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  function look() {
    const typed = box.value.match(/^\/(\S*)$/)?.[1]?.toLowerCase();
    found = typed === undefined ? [] : state.canned.filter((one) => `${one.short_code} ${one.content}`.toLowerCase().includes(typed));
    at = 0;
    draw();
  }

  function pick(index) {
    const text = filled(found[index].content);
    found = [];
    draw();
    onPick(text);
  }

  function key(event) {
    if (node.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + found.length) % found.length;
    else if (event.key === "Enter" || event.key === "Tab") pick(at);
    else if (event.key === "Escape") found = [];
    else return false;
    event.preventDefault();
    draw();
    return true;
  }

  return { node, look, key };
}
