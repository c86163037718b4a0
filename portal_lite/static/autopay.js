// Conekta's own frame takes the card and gives back a token; nothing of the card is in reach of this page.
const place = document.querySelector("#card-place");
const say = document.querySelector("#card-trouble");
const form = document.querySelector("#card-form");
let sent = false;
function save(token) {
  if (sent || !token || !token.id) return; // told twice is saved once
  sent = true;
  say.textContent = say.dataset.saving;
  form.elements.card_token.value = token.id;
  form.submit();
}
const conekta = window.ConektaCheckoutComponents;
if (conekta && conekta.Card) {
  conekta.Card({
    config: { targetIFrame: "#card-place", publicKey: place.dataset.key, locale: "es" },
    callbacks: { onCreateTokenSucceeded: save, onCreateTokenError: () => { say.textContent = say.dataset.bad; } },
  });
} else {
  say.textContent = say.dataset.down;
}
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // a token works once
