// The guided page of a wave: the usual purpose follows the instrument as long as nobody
// has written another, and a second click does not save a second time.

const form = document.querySelector("[data-usual-purposes]");
const usual = JSON.parse(form.dataset.usualPurposes);
const purpose = form.elements.namedItem("purpose");
const instrument = form.elements.namedItem("instrument");

function isUsual() {
  const typed = purpose.value.trim();
  return typed === "" || Object.values(usual).includes(typed);
}

function followInstrument() {
  if (isUsual()) purpose.value = usual[instrument.value] ?? "";
}

instrument.addEventListener("change", followInstrument);
followInstrument();

let isSent = false;
form.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault();
  isSent = true;
});
window.addEventListener("pageshow", () => { isSent = false; });
