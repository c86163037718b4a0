"use strict";
// The stand-in's card component: a frame from this server, and the token that comes out of it.
(() => {
  const base = new URL(document.currentScript.src).origin;
  const Card = ({config, callbacks = {}}) => {
    const place = document.querySelector(config.targetIFrame);
    const frame = document.createElement("iframe");
    frame.src = base + "/conekta/component/card#" + encodeURIComponent(config.publicKey);
    frame.title = "Datos de la tarjeta";
    frame.width = "100%";
    frame.height = "540";
    frame.setAttribute("frameborder", "0");
    addEventListener("message", event => {
      if (event.origin !== base || event.source !== frame.contentWindow) return;
      if (event.data.token) callbacks.onCreateTokenSucceeded?.(event.data.token);
      if (event.data.error) callbacks.onCreateTokenError?.(event.data.error);
    });
    frame.addEventListener("load", () => callbacks.onGetInfoSuccess?.({initialized: true}));
    place.replaceChildren(frame);
  };
  window.ConektaCheckoutComponents = {Card};
})();
