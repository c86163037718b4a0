// Nothing here is needed: without it the form still goes and the page still reloads.
const form = document.querySelector("form[data-busy]");
if (form) {
  const button = form.querySelector("button");
  const label = button.textContent;
  form.addEventListener("submit", () => { button.disabled = true; button.textContent = form.dataset.busy; });
  addEventListener("pageshow", () => { button.disabled = false; button.textContent = label; }); // back from Conekta
}

const open = document.querySelector("[data-poll]");
let wait = 2500;
async function look() {
  try {
    const { stage } = await (await fetch(open.dataset.poll, { cache: "no-store" })).json();
    if (stage && stage !== open.dataset.stage) return location.reload();
  } catch { /* no signal: the next look may have one */ }
  wait = Math.min(wait * 1.15, 15000);
  setTimeout(look, wait);
}
if (open) setTimeout(look, wait);
