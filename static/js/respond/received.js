// The receipt as the server writes it for whoever opens the link again. This phone may know
// more: that it sent the answer itself and never showed the receipt, the page being closed.
import { openDB } from "../../vendor/idb-8.0.4.js";
import { base32 } from "./carry.js";

const shown = document.querySelector("[data-copy-text]").textContent.trim();

// The receipt-to-be, which a ballot carries in the open (surveys/box/ballots.py).
function receiptOf({ ballot = "" }) {
  const bytes = atob(ballot.replace(/-/g, "+").replace(/_/g, "/"));
  const letters = base32([...bytes.slice(9, 19)].map((one) => one.charCodeAt()), 16);
  return letters.match(/.{4}/g).join("-");
}

// "own" or "likely" (see sending.js) for an answer whose receipt is news here.
function newsOf({ body, receipt, taken, isTried, isSeen }) {
  if (!body || isSeen) return undefined;
  return receipt ? taken : isTried && "likely";
}

async function tell() {
  const db = await openDB("survei", 1, { upgrade: (_db, _old, _new, change) => change.abort() });
  const change = db.transaction("isian", "readwrite");
  for (let at = await change.store.openCursor(); at; at = await at.continue()) {
    const record = at.value;
    if (!record.body || receiptOf(record) !== shown) continue;
    const news = newsOf(record);
    const text = document.querySelector(`template[data-taken=${news}]`);
    if (text) document.querySelector(".lead").replaceChildren(text.content);
    document.querySelector("[data-doubt]").hidden = news === "own";
    if (!document.hidden) await at.update({ ...record, receipt: shown, isSeen: true });
  }
  db.close();
}

tell().catch(() => {}); // nothing was kept here
