// An upload with its progress. Without this module the form is sent as it is.

const form = document.querySelector("[data-upload]");

if (form) {
  form.addEventListener("submit", (event) => {
    const file = form.querySelector("input[type=file]").files[0];
    if (!file) return;
    event.preventDefault();
    if (file.size > Number(form.dataset.most) * 1e6) say(form.dataset.tooLarge);
    else send();
  });
}

function say(sentence) {
  const place = form.querySelector("[data-upload-error]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

function send() {
  const bar = form.querySelector("[data-upload-progress]");
  const words = form.querySelector("[data-upload-words]");
  const button = form.querySelector("button[type=submit]");
  const request = new XMLHttpRequest();
  say("");
  words.textContent = form.dataset.sending;
  bar.hidden = false;
  button.disabled = true;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => {
    const isElsewhere = new URL(request.responseURL).pathname !== location.pathname;
    if (isElsewhere) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const said = page.querySelector("[data-upload] .field-error:not([hidden])");
    again(said ? said.textContent : form.dataset.failed);
  });
  request.addEventListener("error", () => again(form.dataset.failed));
  request.open("POST", form.action || location.href);
  request.send(new FormData(form));

  function again(sentence) {
    bar.hidden = true;
    words.textContent = "";
    button.disabled = false;
    say(sentence);
  }
}
