// What the browser says when a passkey could not be used or made, in our words.
"use strict";

document.addEventListener("allauth.error", (event) => {
  const words = document.querySelector("[data-passkey-trouble]");
  if (words) {
    event.preventDefault();
    words.textContent = words.dataset.passkeyTrouble;
  }
});
