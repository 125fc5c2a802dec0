// One card at a time over the form that the server wrote. Without this file the form is
// one long page and works; with it nothing is sent or lost that the person did not decide.
import * as cards from "./cards.js";
import * as keeping from "./keeping.js";

const { clone, word } = cards;
const REVIEW = "periksa";

const html = document.documentElement;
const page = `<!DOCTYPE html>\n${html.outerHTML}`;
const isKept = html.hasAttribute("data-kept");
const isKiosk = document.body.hasAttribute("data-kiosk");
const form = document.querySelector("form[data-cards]");
const promise = document.getElementById("janji");
const stage = document.getElementById("layar");
const starter = promise.querySelector("[data-start]");
const foot = document.querySelector("nav.foot");
const sections = [...form.querySelectorAll("[data-section]")];
let questions = [...form.querySelectorAll("[data-question]")];

let record, keeper, key, sending;
let place = -1; // -1 is the promise, then one for each card, then the review
let isActive = false; // this tab may write
let isFromReview = false;
let since = 0; // when the card came on, 0 while nobody looks
let isEmptyMeant = false; // the question whether to send nothing at all was shown
let wrong = {}, progress, reviewed, steering, languages;

const review = () => questions.length;
const kindOf = (question) => question?.dataset.question;

// -- Start -----------------------------------------------------------------------------

async function start(steal = false) {
  const ballot = form.elements.surat_suara.value;
  key ??= isKiosk ? "" : await keeping.personOf(ballot);
  if (!await keeping.claim(key, { steal, lost: showOtherTab })) return showOtherTab();
  isActive = true;
  const millis = sections.map(() => 0);
  const order = keeping.shownOrder(questions);
  const fresh = { seals: form.dataset.seals, ballot, order, answers: {}, millis };
  keeper = new keeping.Keeper(key, saySaved);
  record = isKiosk ? fresh : await keeper.resume(fresh, isKept);
  if (!steering) build();
  if (!isKiosk) keeping.keepWhole(isKept ? "" : page, form.dataset);
  restore(isKiosk || record.body ? undefined : keeping.takeCarried(key));
  const isOver = isKept && Date.parse(record.seals) < Date.now();
  if (record.body || isOver) return showSent();
  if (keeper.works && Object.keys(record.answers).length) saySaved("saved");
  const isBack = keeping.isReload() || location.hash === "#kartu"; // in another language
  show(isKiosk ? -1 : history.state?.place ?? (isBack ? known() : -1));
}

function build() {
  form.noValidate = true;
  progress = cards.addProgress(form, sections);
  reviewed = form.querySelector(".send");
  form.append(clone("bagian-langkah"));
  steering = form.querySelector(".steering");
  form.querySelector("[data-move]").hidden = !key;
  form.querySelector("[data-move]").addEventListener("click", move);
  languages = form.querySelector("[data-languages]");
  for (const question of questions) {
    if (kindOf(question) === "pick") cards.enhancePicks(question, () => changed(question));
  }
  form.addEventListener("input", ({ target }) => changed(target.name && target.closest("fieldset")));
  form.addEventListener("submit", (event) => { event.preventDefault(); forward(); });
  steering.querySelector("[data-next]").addEventListener("click", (event) => {
    const isAsked = isEmptyMeant || cards.isWarned(questions[place]);
    if (event.detail > 1 && isAsked) event.preventDefault(); // unread
  });
  steering.querySelector("[data-back]").addEventListener("click", back);
  steering.querySelector("[data-skip]").addEventListener("click", () => go(next()));
  addEventListener("popstate", ({ state }) => {
    if (isActive) record.body ? showSent() : show(state?.place ?? -1);
  });
  document.addEventListener("visibilitychange", count);
}

function restore(carried) {
  Object.assign(record, carried);
  form.elements.surat_suara.value = record.ballot;
  keeping.restoreOrder(record.order);
  questions = [...form.querySelectorAll("[data-question]")];
  keeping.putBack(record, questions);
  if (!carried) return;
  record.place = cards.gapsIn(questions)[0]?.id ?? record.place;
  keeper.keep(record);
}

function offerToStart() {
  const asked = cards.askedOf(questions);
  const n = asked.filter((question) => cards.valuesOf(question).length).length;
  cards.offerToStart(promise, { n, total: asked.length, keeper: isKiosk ? undefined : keeper });
}

// Where the person was, or -1: a reload without signal forgets history.state.
const known = () => [...questions.map((question) => question.id), REVIEW].indexOf(record.place);

function begin() {
  if (!isKiosk) navigator.storage?.persist?.().catch(() => {});
  go(Math.max(known(), 0));
}

// -- One card --------------------------------------------------------------------------

const next = () => (isFromReview ? review() : place + 1);

function go(to) {
  history.pushState({ place: to, from: place }, "");
  show(to);
  if (!isKiosk && Object.keys(record.answers).length) keeper.keep(record);
}

function back() {
  if (history.state?.from === place - 1) history.back();
  else go(place - 1);
}

function forward() {
  if (place === review()) return submit();
  const question = questions[place];
  const fault = cards.faultOf(question);
  cards.sayFault(question, fault);
  if (fault) return cards.inputsOf(question)[0].focus();
  if (question.picks?.left() > 0) return question.querySelector("[type=search]").focus();
  if (kindOf(question) === "comment" && cards.warn(question, steer)) return steer();
  go(next());
}

function view(shown) {
  for (const one of [promise, form, stage]) one.hidden = one !== shown;
  progress.hidden = shown !== form;
  document.body.classList.toggle("answering", shown === form);
  sayOffline();
  scrollTo(0, 0);
}

// What is not kept on this phone cannot be opened without signal.
function sayOffline() {
  const isWaiting = Boolean(record?.body && !record.receipt);
  foot.hidden = isWaiting || !navigator.onLine;
}

function show(to) {
  count();
  place = Math.min(Math.max(to, -1), review());
  view(place < 0 ? promise : form);
  if (place < 0) return offerToStart();
  place === review() ? showReview() : showCard(questions[place]);
  steer();
  count();
  const title = place === review() ? reviewed : questions[place];
  title.querySelector("h1, .statement").focus({ preventScroll: true });
}

function showCard(question) {
  for (const one of sections) one.hidden = !one.contains(question);
  for (const one of questions) one.hidden = one !== question;
  reviewed.hidden = true;
  question.closest("section").classList.toggle("own", kindOf(question) !== "rating");
  if (wrong[question.id]) cards.sayFault(question, wrong[question.id]);
  if (question.picks) question.picks.isFull = false;
  record.place = question.id;
}

async function showReview() {
  isFromReview = isEmptyMeant = false;
  for (const one of sections) one.hidden = true;
  reviewed.hidden = false;
  reviewed.replaceChildren(clone("bagian-periksa"));
  record.place = REVIEW;
  const title = reviewed.firstElementChild;
  const goTo = (question) => { isFromReview = true; go(questions.indexOf(question)); };
  try {
    const { fillReview } = await import("./review.js");
    if (title.isConnected) fillReview(reviewed, questions, { wrong, go: goTo });
  } catch {
    keeper.waitForSignal();
  }
}

function steer() {
  languages.hidden = !keeper.works; // the other language is another page
  cards.showProgress(progress, sections, questions, place);
  const needed = place === review() ? cards.stillNeeded(questions).length : 0;
  const onward = place === review() ? (isEmptyMeant ? "sendEmpty" : "send") : isFromReview ? "toReview" : "next";
  const step = cards.isWarned(questions[place]) ? "leave" : onward;
  cards.steer(steering, questions[place], needed, word(step));
}

// -- Keeping ---------------------------------------------------------------------------

function changed(question) {
  if (!isActive || !question) return;
  record.answers[question.id] = cards.valuesOf(question);
  if (wrong[question.id]) cards.sayFault(question, "");
  delete wrong[question.id];
  steer();
  if (!isKiosk) keeper.keep(record);
}

function saySaved(state) {
  if (steering && !isKiosk) cards.saySaved(form.querySelector(".saved"), state);
}

// Adds the time the card was looked at to its section.
function count() {
  const now = performance.now();
  const index = sections.findIndex((section) => section.contains(questions[place] ?? null));
  if (since && index >= 0) record.millis[index] += now - since;
  since = document.hidden ? 0 : now;
}

// -- Sending ---------------------------------------------------------------------------

async function submit() {
  const [needed] = cards.stillNeeded(questions);
  const doubtful = questions.find((one) => kindOf(one) === "comment" && cards.isDoubtful(one));
  if (needed || doubtful) {
    isFromReview = true;
    go(questions.indexOf(needed ?? doubtful));
    if (!needed) cards.warn(doubtful, steer);
    return steer();
  }
  if (!isEmptyMeant && !questions.some((one) => cards.valuesOf(one).length)) {
    isEmptyMeant = true;
    reviewed.append(clone("bagian-kosong"));
    reviewed.lastElementChild.focus();
    return steer();
  }
  count();
  const body = cards.filled(record, questions);
  // What is left out was shown on the review: the server need not ask again.
  if (isKiosk) return keeping.postPlainly(form.action, [...body, ["konfirmasi", "1"]]);
  record.body = body;
  await keeper.keep(record);
  showSent();
}

function onStage(name) {
  view(stage);
  stage.replaceChildren(clone(name));
  stage.querySelector("h1").focus({ preventScroll: true });
  return (selector) => stage.querySelector(selector);
}

async function showSent() {
  const parts = {
    record, questions, sections, onStage, move, correct, end,
    address: form.action, keep: () => keeper.keep(record), isStored: () => keeper.works,
    keepReceipt,
  };
  try {
    const { Sending } = await import("./sending.js");
    sending ??= new Sending(parts);
    sending.begin();
  } catch {
    keeper.waitForSignal();
  }
}

// The server found something that this page had let pass.
function correct(errors) {
  wrong = errors;
  delete record.body;
  sending = undefined;
  keeper.keep(record);
  go(review());
}

// Of a sealed answer. Until then a restored server may have to be sent the whole again.
function keepReceipt() {
  keeping.forgetPage();
  return keeper.keep({ seals: record.seals, receipt: record.receipt });
}

function end(isSure) {
  isActive = false;
  keeping.forgetPage();
  if (isSure) keeper.forget();
}

function showOtherTab() {
  isActive = false;
  sending?.queue?.stop();
  if (!steering) build();
  onStage("layar-tab")("[data-here]").addEventListener("click", () => {
    sending = undefined;
    start(true);
  });
}

// A step of its own, so that Back leads to where it was asked for.
async function move() {
  count();
  history.pushState(history.state, "");
  const find = onStage("layar-pindah");
  find("[data-return]").addEventListener("click", () => history.back());
  const { key: _, order, ballot, body, receipt, seals, ...draft } = record;
  try {
    const { carryOver } = await import("./carry.js");
    await carryOver({ ...draft, key, path: location.pathname }, form.dataset, find);
  } catch (error) {
    const why = error.name === "RangeError" ? "carryLong" : "carryOffline";
    find("[data-busy]").textContent = word(why);
  }
}

history.scrollRestoration = "manual"; // each card begins at its top
form.hidden = starter.hidden = true; // until it is known what is kept, and by which tab
starter.addEventListener("click", (event) => {
  event.preventDefault();
  begin();
});
for (const change of ["online", "offline"]) addEventListener(change, sayOffline);
start().catch((error) => {
  form.hidden = starter.hidden = false; // the long page works in any case
  throw error;
});
