// Inside the frame: the respondent's page with nothing kept and nothing sent. That nothing
// can be sent is the policy of the page; this only says so when somebody tries.
document.body.setAttribute("data-kiosk", ""); // cards keep nothing on a shared device

const mark = document.querySelector("[data-preview]");
const words = mark.querySelector("[data-preview-words]");

function say(name) {
  words.textContent = mark.querySelector(`template[data-${name}]`).content.textContent;
  mark.tabIndex = -1;
  mark.scrollIntoView();
  mark.focus();
}

document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
  if (effectiveDirective === "form-action") say("sent");
});
document.addEventListener("click", (event) => {
  const address = event.target.closest("a[href]")?.getAttribute("href") ?? "#";
  if (/^[#?]/.test(address)) return;
  event.preventDefault();
  say("link");
}, true);
