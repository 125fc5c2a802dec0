// Rows of options: moved, dropped and added at once. Without this the server does it.
const changed = (rows) => rows.dispatchEvent(new Event("input", { bubbles: true }));

function blank(row) {
  const copy = row.cloneNode(true);
  copy.classList.remove("has-error");
  copy.querySelectorAll(".field-error").forEach((one) => one.remove());
  copy.querySelectorAll("input").forEach((one) => { one.value = ""; });
  copy.querySelectorAll("select").forEach((one) => { one.selectedIndex = 0; });
  return copy;
}

// The places that the buttons tell the server, and what they are called aloud.
function renumber(list) {
  [...list.children].forEach((row, place) => {
    for (const button of row.querySelectorAll("button[name=row]")) {
      button.value = button.value.replace(/\d+$/, place);
      const name = button.querySelector(".sr-only");
      name.textContent = name.textContent.replace(/\d+$/, place + 1);
    }
  });
}

const ACTS = {
  up: (row) => row.previousElementSibling?.before(row),
  down: (row) => row.nextElementSibling?.after(row),
  drop: (row) => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    if (!next) return;
    next.querySelector("button[value^=drop]").focus();
    row.remove();
  },
};

for (const rows of document.querySelectorAll("[data-rows]")) {
  const list = rows.querySelector("ol");
  rows.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=row]");
    if (!button) return;
    event.preventDefault();
    if (button.value === "more") {
      list.append(blank(list.lastElementChild));
      list.lastElementChild.querySelector("input").focus();
    } else {
      ACTS[button.value.split(":")[0]](button.closest("li"));
      if (button.isConnected) button.focus();
    }
    renumber(list);
    changed(rows);
  });
}
