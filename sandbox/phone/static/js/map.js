// A drawn map: no tiles, no outside host. The same place always looks the same.
import { svg } from "./dom.js";

const WIDTH = 268;
const HEIGHT = 140;
const LAND = [[16.2, 22.2, -105.4, -96.2], [22.2, 32.6, -106.5, -97.9], [15.6, 18.4, -96.2, -90.5], [18.6, 21.4, -90.4, -87.0], [27.0, 32.6, -115.0, -106.5]];

function random(seed) {
  let value = Math.abs(Math.floor(seed)) % 2147483647 || 1;
  return () => (value = (value * 48271) % 2147483647) / 2147483647;
}

function onLand(latitude, longitude) {
  return LAND.some(([south, north, west, east]) => latitude > south && latitude < north && longitude > west && longitude < east);
}

export function mapDrawing(latitude, longitude) {
  const next = random(latitude * 1e4 + longitude * 7e4);
  const map = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `Mapa: ${latitude}, ${longitude}` });
  if (onLand(latitude, longitude)) streets(map, next);
  else sea(map);
  const pin = svg("g", { transform: `translate(${WIDTH / 2} ${HEIGHT / 2})` },
    svg("ellipse", { cx: 0, cy: 2, rx: 9, ry: 3.5, fill: "#0003" }),
    svg("path", { d: "M0 0C-5-9-15-15-15-26a15 15 0 0 1 30 0C15-15 5-9 0 0z", fill: "#d9483b", stroke: "#fff", "stroke-width": 2 }),
    svg("circle", { cx: 0, cy: -26, r: 5.5, fill: "#fff" }));
  map.append(pin);
  return map;
}

function streets(map, next) {
  map.append(svg("rect", { width: WIDTH, height: HEIGHT, fill: "#e9ece4" }));
  const turn = next() * 24 - 12;
  const town = svg("g", { transform: `rotate(${turn} ${WIDTH / 2} ${HEIGHT / 2})` });
  for (let y = -60; y < HEIGHT + 60; y += 34) {
    for (let x = -70; x < WIDTH + 70; x += 46) {
      const park = next() > 0.88;
      const wide = 39 - next() * 2;
      town.append(svg("rect", { x: x + 3, y: y + 3, width: wide, height: 28, rx: 3, fill: park ? "#cde4c0" : ["#f7f6f1", "#f2efe7", "#f5f3ec"][Math.floor(next() * 3)] }));
    }
  }
  const avenue = -60 + 34 * Math.floor(3 + next() * 3);
  town.append(svg("path", { d: `M-80 ${avenue + 1}H${WIDTH + 80}`, stroke: "#f6d58b", "stroke-width": 9 }));
  town.append(svg("path", { d: `M${46 * Math.floor(1 + next() * 4) - 24} -80V${HEIGHT + 80}`, stroke: "#fff", "stroke-width": 8 }));
  map.append(town);
  if (next() > 0.4) map.append(svg("path", { d: `M-10 ${HEIGHT - 8}C60 ${HEIGHT - 40} 120 ${HEIGHT + 6} 190 ${HEIGHT - 18}S260 ${HEIGHT - 40} 290 ${HEIGHT - 22}`, fill: "none", stroke: "#a9d4e6", "stroke-width": 9 }));
}

function sea(map) {
  map.append(svg("rect", { width: WIDTH, height: HEIGHT, fill: "#b9dcec" }));
  for (let y = 14; y < HEIGHT; y += 20) {
    const start = (y * 37) % 40;
    map.append(svg("path", { d: `M${start - 40} ${y}q10-7 20 0t20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0`, fill: "none", stroke: "#97c6dd", "stroke-width": 2, "stroke-linecap": "round" }));
  }
}
