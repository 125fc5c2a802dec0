// What a card needs beside its inputs: picking in order, buttons that say what is next, a
// warning before somebody's name is written. Reads and writes the screen, keeps nothing.

const LONGEST = 32767;
const words = new Map(
  [...(document.getElementById("kata")?.content.querySelectorAll("[data-word]") ?? [])]
    .map((one) => [one.dataset.word, one.textContent]),
);

// A sentence of the page's language, its {places} filled.
export function word(name, values = {}) {
  return words.get(name).replace(/\{(\w+)\}/g, (_, place) => values[place]);
}

export const clone = (id) => document.getElementById(id).content.cloneNode(true);

export function element(tag, content, properties = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...[content].flat());
  return made;
}

// -- Reading and filling a question ----------------------------------------------------

export const inputsOf = (question) => [...question.querySelectorAll("[name]")];
export const langOf = (question) => question.querySelector(".statement").closest("[lang]").lang;
export const titleOf = (question) => question.querySelector(".statement").textContent.trim();

export function valuesOf(question) {
  if (question.picks) return question.picks.values();
  return inputsOf(question)
    .filter((input) => (input.type === "radio" ? input.checked : input.value.trim()))
    .map((input) => input.value);
}

export function fill(question, values) {
  if (question.picks) return question.picks.fill(values);
  for (const input of inputsOf(question)) {
    if (input.type === "radio") input.checked = values.includes(input.value);
    else input.value = values[0] ?? "";
  }
}

// The fields of an answer, picks in their order, with the seconds of each section.
export function filled(record, questions) {
  const seconds = record.millis.map((ms) => Math.min(Math.round(ms / 1000), LONGEST));
  const values = questions.flatMap((one) => valuesOf(one).map((value) => [one.id, value]));
  return [["surat_suara", record.ballot], ...values, ["detik", seconds.join(",")]];
}

// -- Progress --------------------------------------------------------------------------

export function addProgress(form, sections) {
  form.before(clone("bagian-kemajuan"));
  const bar = form.previousElementSibling;
  bar.querySelector("ul").append(...sections.map(() => document.createElement("li")));
  return bar;
}

// One segment for each section, filled as far as it is answered; one that holds nothing but
// comments, once it is passed. `place` is that of the card, or one after the last.
export function showProgress(bar, sections, questions, place) {
  const question = questions[place];
  const asked = askedOf(questions);
  const n = asked.indexOf(question) + 1;
  const index = sections.findIndex((section) => section.contains(question ?? null));
  const [left, right] = bar.querySelectorAll("span");
  const title = sections[index]?.dataset.section ?? "";
  left.textContent = n ? word("question", { n, total: asked.length }) : title;
  left.lang = n || !question ? document.documentElement.lang : langOf(question);
  right.textContent = question ? word("section", { n: index + 1, total: sections.length }) : "";
  bar.querySelectorAll("li").forEach((segment, i) => {
    const own = asked.filter((one) => sections[i].contains(one));
    const part = own.length ? 1 - gapsIn(own).length / own.length : Number(index < 0 || index > i);
    segment.style.setProperty("--part", part);
  });
}

// -- Pick ten --------------------------------------------------------------------------

export function enhancePicks(question, changed) {
  const limit = Number(question.dataset.picks);
  const boxes = inputsOf(question);
  const ticks = question.querySelector(".ticks");
  ticks.before(clone("bagian-pilihan"));
  const [chips, count, search, found] = ["ol", ".count", "[type=search]", ".found"]
    .map((selector) => question.querySelector(`.picked ${selector}`));
  const label = (box) => box.parentElement.querySelector("span").textContent.trim();
  let picked = boxes.filter((box) => box.checked);

  function show() {
    count.textContent = word("pickCount", { n: picked.length, total: limit });
    chips.replaceChildren(...picked.map(chip));
    for (const box of boxes) {
      const rank = picked.indexOf(box);
      box.checked = rank >= 0;
      box.parentElement.querySelector(".rank")?.remove();
      if (rank < 0) continue;
      const text = word("pickRank", { n: rank + 1 });
      box.parentElement.append(element("span", text, { className: "rank" }));
    }
  }

  function chip(box, rank) {
    const name = word("pickRemove", { label: label(box), n: rank + 1 });
    const remove = element("button", "×", { type: "button", ariaLabel: name });
    remove.lang = document.documentElement.lang;
    remove.addEventListener("click", () => {
      picked = picked.filter((one) => one !== box);
      question.picks.isFull = false;
      show();
      (chips.querySelectorAll("button")[Math.min(rank, picked.length - 1)] ?? search).focus();
      changed();
    });
    const parts = [element("b", String(rank + 1)), ` ${label(box)} `, remove];
    return element("li", parts, { lang: langOf(question) });
  }

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    let n = 0;
    for (const box of boxes) {
      const isFound = label(box).toLowerCase().includes(wanted);
      box.parentElement.hidden = !isFound;
      n += isFound;
    }
    found.textContent = word("pickFound", { n, total: boxes.length });
  }

  ticks.addEventListener("change", ({ target }) => {
    question.picks.isFull = target.checked && picked.length === limit;
    if (!question.picks.isFull) {
      picked = picked.filter((one) => one !== target);
      if (target.checked) picked.push(target);
    }
    show();
    changed();
  });
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    boxes.find((box) => !box.parentElement.hidden)?.focus();
  });
  question.picks = {
    limit,
    left: () => limit - picked.length,
    values: () => picked.map((box) => box.value),
    fill: (values) => {
      picked = values.map((value) => boxes.find((box) => box.value === value)).filter(Boolean);
      show();
    },
  };
  filter();
  show();
}

// -- Checks ----------------------------------------------------------------------------

// The same numbers that the server masks (surveys/answering/masking.py).
const NUMBER = /[+(]{0,2}(?:\d[\s().+\-–/]{0,3}){8,}\d/g;
const DAYS = /^(?:(?:^|\s*[-–/]\s*)(?:\d{1,2}[./-]\d{1,2}[./-])?(?:19|20)\d\d)+$/;
const PHONE = /(?<![\d.])(?:[08][\s().+\-–/]{0,3}[1-9]|6[\s().+\-–/]{0,3}2)(?:[\s().+\-–/]{0,3}\d){7}/;
const numbersIn = (text) => (text.match(NUMBER) ?? []).filter((number) => !DAYS.test(number));
const isLong = (number) => number.replace(/\D/g, "").length >= 14;

const HINTS = [
  ["anyName", (text) => /\b(?:(?:[Bb]apak|[Ii]bu|[Pp]ak|[Bb]u|[Ss]audar[ai]|[Ss]dr[ai]?\.?|[Mm]as|[Mm]bak|[Bb]ang|[Kk]ang|[Hh]\.|[Hh]j\.|[Dd]r\.|[Dd]rs\.|[Dd]ra\.|[Ii]r\.|[Pp]rof\.?)\s+[A-Z][\p{L}'.]+)/u.test(text)],
  ["anyEmail", (text) => /[^\s@]+@[^\s@]+\.\w+/.test(text)],
  ["anyPhone", (text) => numbersIn(text).some((number) => !isLong(number) && PHONE.test(number))],
  ["anyNip", (text) => numbersIn(text).some(isLong)],
];

// What a comment seems to hold; a hint to its writer, no judgement.
function suspicions(text) {
  return HINTS.filter(([, holds]) => holds(text)).map(([name]) => word(name));
}

export function isDoubtful(question) {
  const [text = ""] = valuesOf(question);
  return text !== question.decided && suspicions(text).length > 0;
}

// Whether the hint stands there for what is written now.
export function isWarned(question) {
  return Boolean(question?.querySelector(".warning")) && question.warned === valuesOf(question)[0];
}

// Shows the hint once for each wording; going on a second time is the writer's decision.
// True while there is none. `fixing()`: the hint was taken.
export function warn(question, fixing) {
  const [text] = valuesOf(question);
  if (isWarned(question)) question.decided = text;
  question.querySelector(".warning")?.remove();
  if (!isDoubtful(question)) return false;
  question.warned = text;
  question.append(clone("bagian-peringatan"));
  const banner = question.lastElementChild;
  banner.querySelector(".what").textContent = suspicions(text).join(", ");
  banner.querySelector("[data-fix]").addEventListener("click", () => {
    banner.remove();
    inputsOf(question)[0].focus();
    fixing();
  });
  banner.focus();
  return true;
}

// The sentence against what was typed into a number, "" when it is right or empty.
export function faultOf(question) {
  const input = question.querySelector("input[type=number]");
  if (!input || input.validity.valid) return "";
  return word("number", { low: input.min, high: input.max });
}

export function sayFault(question, sentence) {
  question.querySelector(".error-text")?.remove();
  question.classList.toggle("has-error", Boolean(sentence));
  const input = question.querySelector("input[type=number]");
  if (input) {
    input.ariaInvalid = sentence ? "true" : null;
    const told = sentence ? ` ${question.id}-salah` : "";
    input.setAttribute("aria-describedby", `${question.id}-bantuan${told}`);
  }
  if (!sentence) return;
  const text = element("p", sentence, { className: "error-text", id: `${question.id}-salah` });
  text.setAttribute("role", "alert");
  question.querySelector("legend").after(text);
}

export const isMissing = (question) => (question.picks ? question.picks.left() > 0 : !valuesOf(question).length);

// What is counted as a question: nobody owes a comment.
export const askedOf = (questions) => questions.filter((one) => one.dataset.question !== "comment");
export const gapsIn = (questions) => askedOf(questions).filter(isMissing);

export function stillNeeded(questions) {
  return questions.filter((q) => q.hasAttribute("data-required") && isMissing(q));
}

// -- The promise -----------------------------------------------------------------------

// Who comes back finds the way on above everything; `keeper` is missing at a kiosk.
export function offerToStart(promise, { n, total, keeper }) {
  const note = promise.querySelector("#lanjutan");
  const start = promise.querySelector("[data-start]");
  start.hidden = false;
  if (n) start.textContent = word("resume");
  if (n) promise.querySelector("h1").after(note, start.parentElement);
  if (n && keeper?.works) note.textContent = word("resumeNote", { n, total });
  else if (keeper?.wasWiped) note.textContent = word("wiped");
  if (keeper && !keeper.works) note.textContent = word("refused");
  note.hidden = !note.textContent;
}

// -- Saved or not ----------------------------------------------------------------------

export function saySaved(line, state) {
  line.className = `saved ${state}`;
  line.querySelector("span").textContent = word(state);
}

// -- Buttons ---------------------------------------------------------------------------

// They say what the next press does, or what is missing for it.
export function steer(bar, question, needed, step) {
  const [button, skip] = ["next", "skip"].map((one) => bar.querySelector(`[data-${one}]`));
  const left = question?.picks?.left() ?? 0;
  const full = question?.picks?.isFull ? word("pickFull", { n: question.picks.limit }) : "";
  bar.querySelector(".full").textContent = full; // where the eye and the finger are
  if (left) button.textContent = word("pickMore", { n: left });
  else button.textContent = needed ? word("needed", { n: needed }) : step;
  button.setAttribute("aria-disabled", String(left + needed > 0));
  skip.hidden = !left || question.hasAttribute("data-required");
  const n = (question?.picks?.limit ?? 0) - left;
  skip.textContent = n ? word("pickFewer", { n }) : word("pickSkip");
}
