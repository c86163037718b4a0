// A few more line icons on the phone page's 24 × 24 grid.
import { svg } from "/phone/static/js/dom.js";

const PATHS = {
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5zM12 15v2",
  back: "M15 5l-7 7 7 7",
  tag: "M4 12V4h8l8 8-8 8zM8.500 8.500v.100",
  user: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 8c0-4 3-6 7-6s7 2 7 6M18 8v6m-3-3h6",
  done: "M4 12.500l5 5L20 6.500",
  drop: "M12 3c4 5 6.500 8.300 6.500 11.500a6.500 6.500 0 0 1-13 0C5.500 11.300 8 8 12 3zm-3 12c.800 1.600 1.800 2.300 3 2.300s2.200-.700 3-2.300",
  more: "M5 12h.010M12 12h.010M19 12h.010",
  side: "M4 5h16v14H4zM14 5v14",
  template: "M5 4h14v16H5zM8 8h8M8 12h8M8 16h4",
  keys: "M3 7h18v10H3zM7 11h.010M11 11h.010M15 11h.010M8 14h8",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  case: "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
};

/** An icon by name. */
export function sign(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? 3 : 1.8, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}
