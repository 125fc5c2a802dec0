// The preview beside a question follows what is typed. It is drawn by the server, in a
// frame without scripts and without a way to send.
const form = document.querySelector("[data-live]");
const frame = document.querySelector("iframe[name=pratinjau]");
const PAUSE = 500;
let waiting, running;

async function draw() {
  running?.abort();
  running = new AbortController();
  const body = new FormData(form);
  try {
    const answer = await fetch(frame.dataset.address, {
      method: "POST", body, signal: running.signal, credentials: "same-origin",
    });
    if (answer.ok) frame.srcdoc = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, PAUSE);
}

if (form && frame) {
  form.addEventListener("input", soon);
  // Own options are of use only while no shared scale is chosen.
  const own = form.querySelector("[data-own]");
  const scale = form.elements.scale;
  scale?.addEventListener("change", () => { if (own) own.open = !scale.value; });
  draw();
}
