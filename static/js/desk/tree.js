// Levels of the tree of units open and close; htmx fetches one the first time.
// Keys: right opens, left closes or goes up, up and down move along what is shown.

const tree = document.querySelector("[data-tree]");

const below = (button) => document.getElementById(button.getAttribute("aria-controls"));
const twist = (item) => item.querySelector(":scope > .twig > button[aria-expanded]");
const name = (item) => item.querySelector(":scope > .twig > a");
const isOpen = (button) => button.getAttribute("aria-expanded") === "true";

function set(button, open) {
  button.setAttribute("aria-expanded", String(open));
  below(button).hidden = !open;
  if (open && !below(button).childElementCount) {
    button.dispatchEvent(new CustomEvent("buka"));
  }
}

function move(item, step) {
  const shown = [...tree.querySelectorAll("li.unit")].filter((each) => each.offsetParent);
  const next = shown[shown.indexOf(item) + step];
  if (next) name(next).focus();
}

const keys = {
  ArrowDown: (item) => move(item, 1),
  ArrowUp: (item) => move(item, -1),
  ArrowRight: (item) => {
    const button = twist(item);
    if (!button) return;
    if (isOpen(button)) move(item, 1);
    else set(button, true);
  },
  ArrowLeft: (item) => {
    const button = twist(item);
    if (button && isOpen(button)) set(button, false);
    else {
      const parent = item.parentElement.closest("li.unit");
      if (parent) name(parent).focus();
    }
  },
};

function failed(event) {
  const button = event.target.closest("button[aria-expanded]");
  if (!button) return;
  set(button, false);
  tree.parentElement.querySelector("[data-failed]").hidden = false;
}

if (tree) {
  tree.addEventListener("click", (event) => {
    const button = event.target.closest("button[aria-expanded]");
    if (button) set(button, !isOpen(button));
  });
  tree.addEventListener("keydown", (event) => {
    const item = event.target.closest("li.unit");
    if (!item || !keys[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key](item);
  });
  tree.addEventListener("htmx:responseError", failed);
  tree.addEventListener("htmx:sendError", failed);
  const hit = tree.querySelector("li.hit");
  if (hit) name(hit).focus();
}
