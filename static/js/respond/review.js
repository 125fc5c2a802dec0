// The review before sending: what is missing, what is wrong, and on wish every answer in
// words. Loaded behind the first page, kept for use without signal.
import { askedOf, element, gapsIn, inputsOf, langOf, titleOf, valuesOf, word } from "./cards.js";

// The questions' language may be another than the page's, for a voice that reads aloud.
const spoken = (question, text) => element("span", text, { lang: langOf(question) });

// Fills a copy of "bagian-periksa".
export function fillReview(part, questions, { wrong, go }) {
  listMissing(part.querySelector(".missing"), gapsIn(questions), go);
  listWrong(part.querySelector(".wrong"), questions, wrong, go);
  const rows = rowsOf(questions).map(([name, state, lang]) =>
    element("div", [element("dt", name, lang && { lang }), element("dd", state)]));
  part.querySelector("dl").append(...rows);
  part.querySelector(".answers").append(...answersOf(questions));
}

function listMissing(banner, missing, go) {
  banner.hidden = !missing.length;
  banner.querySelector("strong").textContent = word("missing", { n: missing.length });
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

// All questions in one row, every comment in its own.
function rowsOf(questions) {
  const asked = askedOf(questions);
  const n = asked.length - gapsIn(questions).length;
  const comments = questions.filter((question) => !asked.includes(question)).map((question) =>
    [titleOf(question), word(valuesOf(question).length ? "filled" : "empty"), langOf(question)]);
  return [[word("questions"), word("pickCount", { n, total: asked.length })], ...comments];
}

// Closed until asked for: somebody may be looking over the shoulder.
function answersOf(questions) {
  const sections = [...new Set(questions.map((one) => one.closest("[data-section]")))];
  return sections.map((section) => {
    const summary = word("showAnswers", { section: section.dataset.section });
    const pairs = questions.filter((one) => section.contains(one)).flatMap((one) => [
      element("dt", titleOf(one), { lang: langOf(one) }),
      answerOf(one),
    ]);
    return element("details", [element("summary", summary), element("dl", pairs)]);
  });
}

function answerOf(question) {
  const values = valuesOf(question);
  if (!values.length) {
    return element("dd", word(question.dataset.question === "comment" ? "empty" : "unanswered"));
  }
  const isTyped = ["comment", "number"].includes(question.dataset.question);
  const said = isTyped ? values : values.map((value) => labelOf(question, value));
  return element("dd", said.join(", "), isTyped ? {} : { lang: langOf(question) });
}

function labelOf(question, value) {
  const input = inputsOf(question).find((one) => one.value === value);
  return input.parentElement.querySelector("span").textContent.trim();
}
