// Serves the opened form and its parts when the network does not. The page itself puts
// them into the cache (keeping.js), so nothing here guesses an address.
"use strict";

const CACHE = "survei";
const PATIENCE_MS = 6000;
const DAY_MS = 86_400_000; // a day after sealing nothing is served; sweeping.js removes it
const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(asset(request));
});

// The network first. What was kept steps in when it is dead or slow, when the server is in
// trouble, and when it opens no more forms: one opened before may be sent until sealing.
async function page(request, pathname) {
  const kept = await keptPage(pathname);
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const response = await Promise.race([fetch(request).catch(() => undefined), late]);
  return response?.ok || response?.type === "opaqueredirect" ? response : kept;
}

async function keptPage(pathname) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pathname));
  const name = [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const kept = await (await caches.open(CACHE)).match(`/survei/simpan/${name}`);
  if (!kept || Date.parse(kept.headers.get("Seals")) + DAY_MS < Date.now()) return undefined;
  const headers = new Headers(kept.headers);
  headers.set("Content-Security-Policy", POLICY);
  headers.set("Referrer-Policy", "no-referrer");
  return new Response(kept.body, { headers });
}

// A name with a digest never changes its content; any other is fetched anew where possible.
async function asset(request) {
  const kept = await (await caches.open(CACHE)).match(request, { ignoreVary: true });
  if (kept && /\.[0-9a-f]{12}\./.test(request.url)) return kept;
  return fetch(request).catch((error) => {
    if (kept) return kept;
    throw error;
  });
}
