// A day after a wave is sealed nothing of it stays on this phone: neither the opened form
// nor what was typed or sent. Runs on every page of ours but those of a kiosk.
const NAME = "survei";
const DAY_MS = 86_400_000;

const isOver = (seals) => Date.parse(seals) + DAY_MS < Date.now();

function sweepRecords() {
  const wish = indexedDB.open(NAME);
  wish.onupgradeneeded = () => wish.transaction.abort(); // nothing was kept: leave it so
  wish.onerror = (event) => event.preventDefault();
  wish.onsuccess = () => {
    const change = wish.result.transaction("isian", "readwrite");
    change.objectStore("isian").openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (isOver(cursor.value.seals)) {
        cursor.delete();
        localStorage.removeItem(cursor.key); // the mark of keeping.js
      }
      cursor.continue();
    };
    change.oncomplete = () => wish.result.close();
  };
}

async function sweepPages() {
  if (!await caches.has(NAME)) return;
  const cache = await caches.open(NAME);
  for (const request of await cache.keys()) {
    const seals = (await cache.match(request))?.headers.get("Seals");
    if (seals && isOver(seals)) await cache.delete(request);
  }
}

// A browser that refuses has kept nothing either.
try { sweepRecords(); } catch { /* refused */ }
if (globalThis.caches) sweepPages().catch(() => {});
