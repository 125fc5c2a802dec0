// What a card needs beside its inputs: picking in order, a look at what is missing, and a
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
// The questions' language may be another than the page's, for a voice that reads aloud.
const langOf = (question) => question.querySelector(".statement").closest("[lang]").lang;
const spoken = (question, text) => element("span", text, { lang: langOf(question) });
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

// One segment for each section; `place` is that of the card, or one after the last.
export function showProgress(bar, sections, questions, place) {
  const question = questions[place];
  const ratings = questions.filter((one) => one.dataset.question === "rating");
  const n = ratings.indexOf(question) + 1;
  const index = sections.findIndex((section) => section.contains(question ?? null));
  const [left, right] = bar.querySelectorAll("span");
  const title = sections[index]?.dataset.section ?? "";
  left.textContent = n ? word("statement", { n, total: ratings.length }) : title;
  left.lang = n || !question ? document.documentElement.lang : langOf(question);
  right.textContent = question ? word("section", { n: index + 1, total: sections.length }) : "";
  bar.querySelectorAll("li").forEach((segment, i) => {
    const own = questions.filter((one) => sections[i].contains(one));
    const done = own.filter((one) => questions.indexOf(one) < place).length;
    segment.style.setProperty("--part", done / own.length);
  });
}

// -- Pick ten --------------------------------------------------------------------------

export function enhancePicks(question, changed) {
  const limit = Number(question.dataset.picks);
  const boxes = inputsOf(question);
  const ticks = question.querySelector(".ticks");
  ticks.before(clone("bagian-pilihan"));
  const [chips, count, full, search, found] = ["ol", ".count", ".full", "[type=search]", ".found"]
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
      full.textContent = "";
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
    const isTooMany = target.checked && picked.length === limit;
    full.textContent = isTooMany ? word("pickFull", { n: limit }) : "";
    if (!isTooMany) {
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

const HINTS = [
  ["anyName", /\b(?:(?:[Bb]apak|[Ii]bu|[Pp]ak|[Bb]u|[Ss]audar[ai]|[Ss]dr[ai]?\.?|[Mm]as|[Mm]bak|[Bb]ang|[Kk]ang|[Hh]\.|[Hh]j\.|[Dd]r\.|[Dd]rs\.|[Dd]ra\.|[Ii]r\.|[Pp]rof\.?)\s+[A-Z][\p{L}'.]+)/u],
  ["anyEmail", /[^\s@]+@[^\s@]+\.\w+/],
  ["anyPhone", /(?:\+62|\b62|\b0)[\s.-]?8(?:[\s.-]?\d){7,11}\b/],
  ["anyNip", /(?:\d[\s.-]?){13,}\d/],
];

// What a comment seems to hold; a hint to its writer, no judgement.
function suspicions(text) {
  return HINTS.filter(([, pattern]) => pattern.test(text)).map(([name]) => word(name));
}

export function isDoubtful(question) {
  const [text = ""] = valuesOf(question);
  return text !== question.decided && suspicions(text).length > 0;
}

// Shows the hint once for each wording; true while the writer has not decided.
export function warn(question, decided) {
  question.querySelector(".warning")?.remove();
  if (!isDoubtful(question)) return false;
  const [text] = valuesOf(question);
  question.append(clone("bagian-peringatan"));
  const banner = question.lastElementChild;
  banner.querySelector(".what").textContent = suspicions(text).join(", ");
  banner.querySelector("[data-fix]").addEventListener("click", () => {
    banner.remove();
    inputsOf(question)[0].focus();
  });
  banner.querySelector("[data-leave]").addEventListener("click", () => {
    banner.remove();
    question.decided = text;
    decided();
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

// -- Review ----------------------------------------------------------------------------

export function review(questions, { wrong, go }) {
  const part = clone("bagian-periksa");
  const missing = questions.filter((q) => q.dataset.question !== "comment" && isMissing(q));
  listMissing(part.querySelector(".missing"), missing, go);
  listWrong(part.querySelector(".wrong"), questions, wrong, go);
  const rows = rowsOf(questions).map(([name, state, lang]) =>
    element("div", [element("dt", name, lang && { lang }), element("dd", state)]));
  part.querySelector("dl").append(...rows);
  return part;
}

const isMissing = (question) => (question.picks ? question.picks.left() > 0 : !valuesOf(question).length);

export function stillNeeded(questions) {
  return questions.filter((q) => q.hasAttribute("data-required") && isMissing(q));
}

function listMissing(banner, missing, go) {
  banner.hidden = !missing.length;
  const isRatings = missing.every((question) => question.dataset.question === "rating");
  const name = isRatings ? "missingStatement" : "missing";
  banner.querySelector("strong").textContent = word(name, { n: missing.length });
  banner.querySelector("ul").append(...missing.map((question) => {
    const section = question.closest("[data-section]").dataset.section;
    const isNeeded = question.hasAttribute("data-required") ? ` (${word("required")})` : "";
    const link = element("a", word("answerNow"), { href: `#${question.id}` });
    link.setAttribute("aria-label", `${word("answerNow")}: ${titleOf(question)}`);
    link.addEventListener("click", (event) => { event.preventDefault(); go(question); });
    const title = spoken(question, `${section}: ${titleOf(question)}`);
    return element("li", [title, `${isNeeded} `, link]);
  }));
}

function listWrong(banner, questions, wrong, go) {
  const found = questions.filter((question) => wrong[question.id]);
  banner.hidden = !found.length;
  banner.querySelector("ul").append(...found.map((question) => {
    const text = [spoken(question, titleOf(question)), `: ${wrong[question.id]}`];
    const link = element("a", text, { href: `#${question.id}` });
    link.addEventListener("click", (event) => { event.preventDefault(); go(question); });
    return element("li", link);
  }));
}

// All statements in one row, every other question in its own.
function rowsOf(questions) {
  const ratings = questions.filter((question) => question.dataset.question === "rating");
  const n = ratings.filter((question) => !isMissing(question)).length;
  const others = questions.filter((question) => !ratings.includes(question)).map((question) => {
    const kind = question.dataset.question;
    const name = titleOf(question);
    const lang = langOf(question);
    const n = valuesOf(question).length;
    if (kind === "pick") {
      const section = question.closest("[data-section]").dataset.section;
      return [section, word("pickCount", { n, total: question.picks.limit }), lang];
    }
    if (kind === "comment") return [name, word(n ? "filled" : "empty"), lang];
    return [name, word(n ? "answered" : "unanswered"), lang];
  });
  if (!ratings.length) return others;
  return [[word("statements"), word("pickCount", { n, total: ratings.length })], ...others];
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
  if (left) button.textContent = word("pickMore", { n: left });
  else button.textContent = needed ? word("needed", { n: needed }) : step;
  button.setAttribute("aria-disabled", String(left + needed > 0));
  skip.hidden = !left || question.hasAttribute("data-required");
  const n = (question?.picks?.limit ?? 0) - left;
  skip.textContent = n ? word("pickFewer", { n }) : word("pickSkip");
}
