// A voice note: play, pause, and a drawn wave.
import { el, svg, toast } from "./dom.js";
import { icon } from "./icons.js";

export function voicePlayer(source) {
  const audio = new Audio(source);
  audio.preload = "metadata";
  const length = el("small", {}, "Nota de voz");
  const wave = svg("svg", { class: "wave", viewBox: "0 0 160 28", preserveAspectRatio: "none", "aria-hidden": "true" });
  for (let bar = 0; bar < 32; bar += 1) {
    const height = 4 + Math.abs(Math.sin(bar * 1.7) * Math.cos(bar / 4)) * 20;
    wave.append(svg("rect", { x: bar * 5 + 1, y: 14 - height / 2, width: 2.6, height, rx: 1.3, fill: "currentColor" }));
  }
  const button = el("button", { class: "round", type: "button", "aria-label": "Escuchar" }, icon("play"));
  button.addEventListener("click", () => (audio.paused ? audio.play().catch(() => toast("Este audio no se puede oír aquí.", true)) : audio.pause()));
  const draw = () => button.replaceChildren(icon(audio.paused ? "play" : "pause"));
  for (const event of ["play", "pause", "ended"]) audio.addEventListener(event, draw);
  audio.addEventListener("loadedmetadata", () => {
    if (!Number.isFinite(audio.duration) || audio.duration < 1) return;
    const seconds = Math.round(audio.duration);
    length.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  });
  return el("div", { class: "voice" }, button, wave, length);
}
