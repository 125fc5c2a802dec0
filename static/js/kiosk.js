// A shared device: after two minutes without a touch the page empties itself, twenty
// seconds after saying so. Any touch or key keeps it.
const notice = document.querySelector("[data-kiosk-end]");
const end = () => location.replace(notice.dataset.kioskEnd);
const warnAfter = (Number(notice.dataset.idle) - Number(notice.dataset.warning)) * 1000;

let warning;
let ending;

function stay() {
  clearTimeout(warning);
  clearTimeout(ending);
  notice.hidden = true;
  warning = setTimeout(() => {
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
    ending = setTimeout(end, Number(notice.dataset.warning) * 1000);
  }, warnAfter);
}

for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchstart"]) {
  addEventListener(kind, stay, { passive: true, capture: true });
}
// Back must not bring a finished form back from memory.
addEventListener("pageshow", (event) => { if (event.persisted) end(); });
stay();
