// Building elements without innerHTML: everything a citizen or María wrote stays text.

/** An element; `props` are properties, `on*` listeners, `data-*`/`aria-*` attributes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for") node.setAttribute(name, value === true ? "" : value);
    else if (name === "class") node.className = value;
    else if (name === "style") node.style.cssText = value;
    else node[name] = value;
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A short message at the foot of the page. */
export function toast(words, bad = false) {
  const box = el("div", { class: bad ? "toast bad" : "toast" }, words);
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), bad ? 6000 : 2600);
}
