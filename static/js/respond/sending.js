// After "Kirim jawaban": tries until there is an answer, and says meanwhile in words what is
// safe and what is waited for. Loaded behind the first page, kept for use without signal.
import { valuesOf, word } from "./cards.js";

const SEND_MS = 30_000;
const PAUSES = [5, 10, 20, 40, 80, 160, 300];

// Tries until there is a final answer: when told, with a growing pause, when the signal
// is back, when somebody looks. `tell` hears "trying" and then what came of it: receipt,
// errors, closed, refused; or wait, with what is to blame.
class Queue {
  #timer; #failed = 0; #isBusy = false;
  isStopped = false;

  constructor(address, body, tell) {
    Object.assign(this, { address, body, tell });
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
    this.now();
  }

  // Another tab has taken over: what is still on its way is not heard any more.
  stop() { clearTimeout(this.#timer); this.isStopped = true; }

  async now() {
    if (this.#isBusy || this.isStopped) return;
    this.#isBusy = true;
    clearTimeout(this.#timer);
    this.tell({ outcome: "trying" });
    const reply = await send(this.address, this.body);
    if (this.isStopped) return;
    if (reply.outcome === "wait") {
      const pause = PAUSES[Math.min(this.#failed, PAUSES.length - 1)] * (0.75 + Math.random() / 2);
      this.#failed += 1;
      this.#isBusy = false;
      this.#timer = setTimeout(() => this.now(), 1000 * Math.max(pause, reply.after));
    }
    this.tell(reply);
  }
}

async function send(address, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), SEND_MS);
  try {
    const response = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { Accept: "application/json" },
      redirect: "error",
      signal: patience.signal,
    });
    return outcomeOf(response, await response.json().catch(() => ({})));
  } catch {
    return { outcome: "wait", blame: "signal", after: 0 };
  } finally {
    clearTimeout(timer);
  }
}

// Only our own words count: a Wi-Fi gate answers anything with a page of its own.
function outcomeOf(response, reply) {
  const { receipt, is_repeat: isRepeat, is_sealed: isSealed } = reply;
  if (response.ok && receipt) return { outcome: "receipt", receipt, isRepeat, isSealed };
  if (response.status === 422 && reply.errors) return { outcome: "errors", errors: reply.errors };
  if (response.status === 410 && reply.reason) return { outcome: "closed", text: reply.text };
  const isFinal = [400, 403, 413, 415].includes(response.status);
  if (isFinal && reply.reason) return { outcome: "refused", text: reply.text ?? "" };
  const blame = response.status >= 429 ? "server" : "signal";
  return { outcome: "wait", blame, after: Number(response.headers.get("Retry-After")) || 0 };
}

// -- What is said ----------------------------------------------------------------------

// `form`: the record and what the form can do with it (see `parts` in form.js).
export class Sending {
  #form; #tried = 0; #state = { outcome: "trying" }; #isSealed = false;
  #mayHaveArrived; // some try before: the answer taken may be this one

  constructor(form) {
    this.#form = form;
    this.#mayHaveArrived = form.record.isTried;
    document.addEventListener("visibilitychange", () => {
      if (form.record.receipt && !form.record.isSeen) this.#keepTaken();
    });
    setInterval(() => this.#sayWhen(), 15_000);
  }

  // A receipt is shown at once; should the server not know it, the same answer goes again.
  begin() {
    const { record, address } = this.#form;
    if (!record.body) return this.#showClosed(false);
    if (record.receipt) this.#showReceipt();
    else this.#showWaiting();
    this.queue ??= new Queue(address, record.body, (reply) => this.#heard(reply));
  }

  async #heard(reply) {
    const { record, correct } = this.#form;
    if (reply.outcome === "wait") this.#mayHaveArrived = record.isTried;
    if (reply.outcome === "receipt") {
      const isNews = record.receipt !== reply.receipt;
      if (isNews) record.taken = this.#whose(reply);
      Object.assign(record, { receipt: reply.receipt, answers: {} });
      this.#isSealed = reply.isSealed || Date.parse(record.seals) < Date.now();
      await this.#keepTaken();
      if (isNews && !this.queue.isStopped) this.#showReceipt();
    } else if (record.receipt) return; // an old server, or no signal: nothing to say
    else if (reply.outcome === "closed") this.#showClosed(true, reply.text);
    else if (reply.outcome === "errors") correct(reply.errors);
    else if (reply.outcome === "refused") this.#showRefused(reply.text);
    else if (reply.outcome === "trying") this.#noteTry();
    else this.#say(reply);
  }

  #keepTaken() {
    const { record, keep, keepReceipt } = this.#form;
    record.isSeen ||= !document.hidden;
    return this.#isSealed ? keepReceipt() : keep();
  }

  // Of the answer that the server has: "own" (of this phone), "likely", or "other".
  #whose({ isRepeat }) {
    if (!isRepeat) return "own";
    return this.#mayHaveArrived ? "likely" : "other";
  }

  // Kept, because the reply may come when nobody listens any more (received.js).
  #noteTry() {
    const { record, keep } = this.#form;
    this.#say({ outcome: "trying" });
    if (record.isTried || !navigator.onLine) return;
    record.isTried = true;
    keep();
  }

  #showWaiting() {
    const { onStage, questions, sections, isStored, move } = this.#form;
    const find = onStage("layar-tunggu");
    const asked = questions.filter((one) => one.dataset.question !== "comment");
    const n = asked.filter((one) => valuesOf(one).length).length;
    const isWhole = n === asked.length;
    find("[data-answers]").textContent = isWhole
      ? word("all", { total: sections.length })
      : word("some", { n, total: asked.length });
    for (const one of document.querySelectorAll("#layar [data-stored]")) one.hidden = !isStored();
    find("[data-unstored]").hidden = isStored();
    find("[data-retry]").addEventListener("click", () => this.queue.now());
    find("[data-move]").addEventListener("click", move);
    this.#say(this.#state);
  }

  #say(state) {
    const isTrying = state.outcome === "trying";
    if (!isTrying) {
      this.#tried = Date.now();
      this.#state = state; // a retry in the background must not make the title flicker
    }
    const title = document.querySelector("#layar [data-waiting]");
    if (!title) return;
    const { outcome, blame } = this.#state;
    const isFirst = outcome === "trying";
    const text = word(isFirst ? "sending" : blame === "server" ? "waitServer" : "waitSignal");
    if (title.textContent !== text) title.textContent = text; // nor be read out again
    document.querySelector("#layar [data-cloud]").hidden = isFirst;
    this.#sayWhen(isTrying);
  }

  #sayWhen(isTrying = false) {
    const line = document.querySelector("#layar [data-tried]");
    const minutes = Math.floor((Date.now() - this.#tried) / 60_000);
    if (isTrying) line.textContent = word("trying");
    else if (line && this.#tried) {
      line.textContent = minutes ? word("minutesAgo", { n: minutes }) : word("justNow");
    }
  }

  #showReceipt() {
    const { record, onStage } = this.#form;
    const find = onStage("layar-terima");
    const { taken = "own" } = record;
    for (const one of document.querySelectorAll("#layar [data-taken]")) {
      one.hidden = !one.dataset.taken.split(" ").includes(taken);
    }
    find("[data-copy-text]").textContent = record.receipt;
    const copy = find("[data-copy]");
    copy.hidden = !navigator.clipboard;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(record.receipt);
      copy.textContent = copy.dataset.copied;
    });
  }

  // The next opening of the link brings a new ballot for the same answers.
  #showRefused(text) {
    const { record, keep } = this.#form;
    delete record.body;
    delete record.ballot;
    keep();
    this.#form.onStage("layar-tolak")("[data-reason]").textContent = text;
  }

  // `isSure`: the server says so, not only this phone's clock; `text`, when it ended.
  #showClosed(isSure, text) {
    const { record, onStage, end } = this.#form;
    const isUnsent = Boolean(record.body && !record.receipt);
    const find = onStage("layar-tutup");
    find("[data-unsent]").hidden = !(isSure && isUnsent);
    if (text) find("[data-ended]").textContent = text;
    end(isSure);
  }
}
