// The form in which a message is written: defaults that follow kind and channel as long
// as nobody has changed them, fields at a press, and a list of units that can be searched.

const form = document.querySelector("[data-mailing-form]");
const defaults = JSON.parse(document.getElementById("contoh-pesan").textContent);
const subject = form.elements.namedItem("subject");
const body = form.elements.namedItem("body");

function chosen(name) {
  return form.elements.namedItem(name).value;
}

function isDefault() {
  const typed = body.value.replaceAll("\r\n", "\n").trim();
  return typed === "" || Object.values(defaults).some((each) => each.body.trim() === typed);
}

function followChoice() {
  const each = defaults[`${chosen("kind")} ${chosen("channel")}`];
  if (each && isDefault()) {
    subject.value = each.subject;
    body.value = each.body;
  }
}

function showWhatApplies() {
  form.querySelector("[data-subject]").hidden = chosen("channel") !== "email";
  form.querySelector("[data-chosen-units]").hidden = chosen("audience") !== "chosen";
}

form.addEventListener("change", (event) => {
  if (event.target.name === "kind" || event.target.name === "channel") followChoice();
  showWhatApplies();
});

let lastField = body;
for (const field of [subject, body]) {
  field.addEventListener("focus", () => { lastField = field; });
}

for (const button of form.querySelectorAll("[data-field]")) {
  button.addEventListener("click", () => {
    lastField.setRangeText(
      button.dataset.field, lastField.selectionStart, lastField.selectionEnd, "end",
    );
    lastField.focus();
  });
}

const search = form.querySelector("[data-unit-search]");
if (search) {
  search.hidden = false;
  const items = [...form.querySelectorAll(".unit-list li")];
  search.querySelector("input").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase();
    for (const item of items) {
      const isTicked = item.querySelector("input").checked;
      item.hidden = !isTicked && !item.textContent.toLowerCase().includes(words);
    }
  });
}

showWhatApplies();
