// The Markdown that notes and agents' texts use, as nodes: headings, lists, quotes, bold, italics, code, links.
// HTML stays text, as in AGORA.
import { el } from "/phone/static/js/dom.js";

const INLINE = /(`[^`\n]+`)|(\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*)|((?<![\w*])[*_](?=[^\s*_])(?:`[^`\n]*`|[^*_`\n])+[*_](?![\w*]))|(~~[^~\n]+~~)|(\[[^\]\n]+\]\((?:https?|mention):\/\/[^\s)]+\))|(https?:\/\/[^\s<>]+[^\s<>.,;:!?)])/g;

const link = (href, words) => el("a", { href, target: "_blank", rel: "noreferrer" }, words);

function linked(text) {
  const [, words, href] = text.match(/^\[([^\]]+)\]\(([^)]+)\)$/);
  return href.startsWith("mention:") ? el("b", { class: "mention" }, words) : link(href, words);
}

/** One line's marks. A backslash keeps the next sign as it is. */
export function inline(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > 0 && text[found.index - 1] === "\\") continue;
    nodes.push(plain(text.slice(at, found.index)));
    at = found.index + found[0].length;
    const [whole, code, bold, italic, strike, named] = found;
    if (code) nodes.push(el("code", {}, code.slice(1, -1)));
    else if (bold) nodes.push(el("strong", {}, ...inline(bold.slice(2, -2))));
    else if (italic) nodes.push(el("em", {}, ...inline(italic.slice(1, -1))));
    else if (strike) nodes.push(el("s", {}, ...inline(strike.slice(2, -2))));
    else if (named) nodes.push(linked(named));
    else nodes.push(link(whole, whole));
  }
  nodes.push(plain(text.slice(at)));
  return nodes.filter((node) => node !== "");
}

const plain = (text) => text.replace(/\\([\\`*_{}[\]()#+\-.!~>|])/g, "$1");

const BLOCKS = [
  [/^(#{1,6})\s+(.*)$/, (found) => el("p", { class: "heading" }, ...inline(found[2]))],
  [/^\s*[-*+]\s+(.*)$/, (found) => el("li", {}, ...inline(found[1])), "ul"],
  [/^\s*\d+[.)]\s+(.*)$/, (found) => el("li", {}, ...inline(found[1])), "ol"],
  [/^>\s?(.*)$/, (found) => el("p", {}, ...inline(found[1])), "blockquote"],
  [/^(?:-{3,}|\*{3,})$/, () => el("hr")],
];

/** A text as blocks. */
export function markdown(text) {
  const nodes = [];
  for (const row of text.split("\n")) {
    const [pattern, build, inside] = BLOCKS.find(([one]) => one.test(row)) ?? [];
    const node = pattern ? build(row.match(pattern)) : row.trim() ? el("p", {}, ...inline(row)) : null;
    const last = nodes.at(-1);
    if (!node) nodes.push(null);
    else if (!inside) nodes.push(node);
    else if (last?.localName === inside) last.append(node);
    else nodes.push(el(inside, {}, node));
  }
  return nodes.filter(Boolean);
}
