// Dragging questions by their handle. The buttons "Naik" and "Turun" do the same without.
const form = document.querySelector("[data-outline]");
let dragged;

function arrangement() {
  return [...form.querySelectorAll("[data-section-code]")]
    .map((section) => {
      const codes = [...section.querySelectorAll("[data-code]")].map((one) => one.dataset.code);
      return `${section.dataset.sectionCode}:${codes.join(",")}`;
    })
    .join(";");
}

// The question before which the pointer is, or null for the end of the list.
function below(list, y) {
  return [...list.children].find((one) => {
    const box = one.getBoundingClientRect();
    return one !== dragged && y < box.top + box.height / 2;
  }) ?? null;
}

if (form) {
  let before = "";
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-code]");
    if (!dragged) return;
    before = arrangement();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.code);
    event.dataTransfer.setDragImage(dragged, 20, 20);
    dragged.classList.add("dragged");
  });
  form.addEventListener("dragover", (event) => {
    const list = event.target.closest("[data-section-code]")?.querySelector("[data-questions]");
    if (!dragged || !list) return;
    event.preventDefault();
    const next = below(list, event.clientY);
    if (next !== dragged.nextElementSibling || list !== dragged.parentElement) {
      list.insertBefore(dragged, next);
    }
  });
  form.addEventListener("drop", (event) => event.preventDefault());
  form.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    const after = arrangement();
    if (after !== before) {
      form.elements.arrangement.value = after;
      form.action += `#question-${dragged.dataset.code}`;
      form.submit();
    }
    dragged = undefined;
  });
  // A button at the edge stays in reach of the keyboard and does nothing.
  form.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });
}

// Browsers leave autofocus alone where a key went down while the page was coming.
document.querySelector("[autofocus]")?.focus();
