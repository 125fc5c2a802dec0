// The other phone: takes the key from the address or the keyboard and goes on with the form.
import { fetchDraft, isShort, read } from "./carry.js";

const form = document.getElementById("pindah");
const field = document.getElementById("kunci");
const fault = document.getElementById("kunci-salah");
const status = document.getElementById("keadaan");
const words = document.getElementById("kata").content;
const word = (name) => words.querySelector(`[data-word=${name}]`).textContent;

function refuse(name) {
  status.textContent = "";
  fault.textContent = word(name);
  field.focus();
}

async function arrive(typed) {
  fault.textContent = "";
  if (!globalThis.crypto?.subtle) return refuse("insecure");
  const key = await read(typed);
  if (!key) return refuse(isShort(typed) ? "short" : "mistyped");
  status.textContent = word("opening");
  let draft;
  try {
    draft = await fetchDraft(key, form.dataset.drafts);
  } catch (error) {
    return refuse(error.name === "OperationError" ? "unknown" : "offline");
  }
  if (!draft) return refuse("unknown");
  // Kept for the next page of this tab only; form.js takes it from here.
  sessionStorage.setItem("pindahan", JSON.stringify(draft));
  location.replace(draft.path.startsWith(form.dataset.open) ? draft.path : form.dataset.open);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  arrive(field.value);
});

field.addEventListener("keydown", (event) => { // a field of two lines for a key of one
  if (event.key !== "Enter") return;
  event.preventDefault();
  form.requestSubmit();
});

const given = decodeURIComponent(location.hash.slice(1));
if (given) {
  history.replaceState(null, "", location.pathname);
  field.value = given;
  arrive(given);
}
