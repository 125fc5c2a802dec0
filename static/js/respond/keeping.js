// What stays on this phone: the record of one questionnaire (IndexedDB), the page itself
// (Cache Storage), and who may write (Web Locks).
import { openDB } from "../../vendor/idb-8.0.4.js";
import { fill, inputsOf, valuesOf } from "./cards.js";

const NAME = "survei";
const STORE = "isian";
const LOCK_MS = 1500;

const twoDigits = (byte) => byte.toString(16).padStart(2, "0");
const hex = (bytes) => [...new Uint8Array(bytes)].map(twoDigits).join("");

// "" where the browser cannot: an address without HTTPS has no crypto.subtle.
export async function digest(text) {
  if (!globalThis.crypto?.subtle) return "";
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

// The same behind every link, account and page load of one person, and of nobody else:
// the wave and the receipt-to-be, which a ballot carries in the open (surveys/ballots.py).
export function personOf(ballot) {
  const bytes = atob(ballot.replace(/-/g, "+").replace(/_/g, "/"));
  return digest(bytes.slice(0, 8) + bytes.slice(9, 19));
}

// Keeps one record under one key. `say(state)` hears "saving", then "saved" only after
// the transaction was committed, "rewritten" after a loss, or "refused".
export class Keeper {
  #key; #say; #db = null; #next = null; #writing = null; #known = false; #last = null;

  constructor(key, say) {
    this.#key = key;
    this.#say = say;
    this.works = false;
  }

  // What was kept, or `fresh`. Writes it at once, to learn whether this phone keeps things:
  // `works` says so; `wasWiped`, that something had been kept and is gone.
  async open(fresh) {
    try {
      if (!this.#key) throw new Error("no digest");
      const db = await this.#database();
      const found = await db.get(STORE, this.#key);
      await this.#put(found ?? fresh);
      this.works = true;
      this.wasWiped = !found && marked(this.#key);
      return found ?? fresh;
    } catch {
      this.#say("refused");
      return fresh;
    }
  }

  // What is kept of this form, up to date; of a sealed answer only the receipt was left.
  async resume(fresh, isKept) {
    const found = await this.open(fresh);
    const record = found.answers ? found : fresh;
    if (!record.ballot) Object.assign(record, { ballot: fresh.ballot, order: fresh.order });
    if (!isKept && record.seals !== fresh.seals) { // the end was moved
      record.seals = fresh.seals;
      this.keep(record);
    }
    return record;
  }

  // The signal went before this page was whole. What was answered is kept.
  waitForSignal() {
    this.#say(this.works ? "offline" : "refused");
    addEventListener("online", () => this.works && location.reload());
  }

  // Returns at once; resolves when what is kept equals what was last given.
  keep(record) {
    this.#next = this.#last = structuredClone(record);
    this.#say(this.#key ? "saving" : "refused");
    if (!this.#key) return Promise.resolve();
    this.#writing ??= this.#writeAll().finally(() => { this.#writing = null; });
    return this.#writing;
  }

  async forget() {
    this.#last = null;
    mark(this.#key, false);
    try {
      await this.#writing;
      await (await this.#database()).delete(STORE, this.#key);
    } catch { /* nothing was kept */ }
  }

  async #writeAll() {
    let state = "saved";
    try {
      while (this.#next) {
        const record = this.#next;
        this.#next = null;
        if (await this.#put(record)) state = "rewritten";
      }
      this.works = true;
      mark(this.#key, true);
    } catch {
      this.works = false;
      state = "refused";
    }
    this.#say(state);
  }

  // True when what had been written before was gone.
  async #put(record) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const db = await this.#database();
        const change = db.transaction(STORE, "readwrite", { durability: "strict" });
        const before = await change.store.getKey(this.#key);
        change.store.put(record, this.#key).catch(() => {});
        await change.done;
        const wasLost = this.#known && before === undefined;
        this.#known = true;
        return wasLost;
      } catch (error) {
        this.#db = null;
        if (attempt) throw error;
      }
    }
  }

  async #database() {
    this.#db ??= await openDB(NAME, 1, {
      upgrade: (db) => { db.createObjectStore(STORE); },
      terminated: () => {
        this.#db = null;
        if (this.#last) this.keep(this.#last);
      },
    });
    return this.#db;
  }
}

// A mark outside the database: what was there, and is there no more, was wiped.
function marked(key) {
  try { return localStorage.getItem(key) !== null; } catch { return false; }
}

function mark(key, isKept) {
  try {
    isKept ? localStorage.setItem(key, "1") : localStorage.removeItem(key);
  } catch { /* refused */ }
}

// One writer for all tabs. `lost()` is called when another tab takes over.
export function claim(key, { steal = false, lost }) {
  if (!navigator.locks || !key) return Promise.resolve(true);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), LOCK_MS);
  return new Promise((resolve) => {
    let isMine = false;
    const hold = () => new Promise(() => {
      clearTimeout(timer);
      isMine = true;
      resolve(true);
    });
    navigator.locks
      .request(`${NAME}-${key}`, steal ? { steal } : { signal: patience.signal }, hold)
      .catch(() => (isMine ? lost() : resolve(false)));
  });
}

export const isReload = () => performance.getEntriesByType("navigation")[0]?.type === "reload";

// What else this page needs without signal: once it is shown, and when the signal is back.
export function keepWhole(html, address) {
  const keep = async () => {
    const later = [import("./review.js"), import("./sending.js"), import("./sweeping.js")];
    await Promise.allSettled(later);
    if (html) keepPage(html, address);
  };
  document.readyState === "complete" ? keep() : addEventListener("load", keep);
  addEventListener("online", keep);
}

// The page as it came, and everything it uses, so that the same link opens without signal.
// `seals`: when it may go (sweeping.js).
async function keepPage(html, { worker, seals }) {
  if (!navigator.serviceWorker || !globalThis.caches) return;
  try {
    const cache = await caches.open(NAME);
    const key = `/survei/simpan/${await digest(location.pathname)}`;
    const headers = { "Content-Type": "text/html; charset=utf-8", Seals: seals };
    await cache.put(key, new Response(html.replace("<html", "<html data-kept"), { headers }));
    const used = performance.getEntriesByType("resource").map((one) => new URL(one.name));
    const own = used.filter((one) => one.origin === origin && one.pathname.startsWith("/static/"));
    await Promise.all(own.map((address) => keepAsset(cache, address.href)));
    await navigator.serviceWorker.register(worker, { scope: "/survei/" });
  } catch { /* the form works all the same, only not without signal after a reload */ }
}

async function keepAsset(cache, address) {
  if (await cache.match(address)) return;
  const response = await fetch(address, { cache: "force-cache" });
  if (response.ok) await cache.put(address, response);
}

export async function forgetPage() {
  try {
    await (await caches.open(NAME)).delete(`/survei/simpan/${await digest(location.pathname)}`);
  } catch { /* nothing was kept */ }
}

// What another phone sent here (arriving.js), if it is this person's; read once.
export function takeCarried(key) {
  try {
    const { key: owner, answers, millis, place } = JSON.parse(sessionStorage.getItem("pindahan"));
    if (owner !== key) return undefined;
    sessionStorage.removeItem("pindahan");
    return { answers, millis, place };
  } catch {
    return undefined; // nothing came, or this browser keeps nothing
  }
}

// A kiosk keeps nothing, and its server has the last word: a plain form of its own, with
// the fields in the order they were picked.
export function postPlainly(address, pairs) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: address });
  for (const [name, value] of pairs) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}

// The order on the screen belongs to the ballot; a page loaded later may have another.
export function shownOrder(questions) {
  return questions.map((question) => [
    question.id,
    question.dataset.question === "pick" ? inputsOf(question).map((input) => input.value) : [],
  ]);
}

// What was kept onto the screen, and into the record what was typed before it was ready.
export function putBack(record, questions) {
  for (const question of questions) {
    const kept = record.answers[question.id];
    const typed = valuesOf(question);
    if (kept) fill(question, kept);
    else if (typed.length) record.answers[question.id] = typed;
  }
}

export function restoreOrder(order) {
  for (const [id, values] of order) {
    const question = document.getElementById(id);
    question?.parentElement.append(question);
    for (const value of values) {
      const tick = question?.querySelector(`[value="${CSS.escape(value)}"]`)?.parentElement;
      tick?.parentElement.append(tick);
    }
  }
}
