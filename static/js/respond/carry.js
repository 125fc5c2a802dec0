// Carries a half-filled form to another phone. The server keeps 4 kB it cannot read: their
// name and their key both come from 128 random bits that only the two phones know.

const SIZE = 4096;
const IV = 12;
const TAG = 16;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS = 26; // 130 bits: the key, and two that are 0
const CHECK = 2;

const utf8 = new TextEncoder();

// -- The key as it is read and typed ---------------------------------------------------

// 26 letters for the key and two to notice a slip, in groups of four.
export async function written(key) {
  const text = base32(key, LETTERS) + (await check(key));
  return text.match(/.{4}/g).join("-");
}

const meant = (typed) => typed.toUpperCase().replace(/[^0-9A-Z]/g, "")
  .replace(/[IL]/g, "1").replace(/O/g, "0").replace(/U/g, "V");

export const isShort = (typed) => meant(typed).length < LETTERS + CHECK;

// The key somebody typed; undefined when it cannot be right.
export async function read(typed) {
  const text = meant(typed);
  if (text.length !== LETTERS + CHECK) return undefined;
  const key = unbase32(text.slice(0, LETTERS));
  return key && text.endsWith(await check(key)) ? key : undefined;
}

async function check(key) {
  return base32(new Uint8Array(await crypto.subtle.digest("SHA-256", key)), CHECK);
}

export function base32(bytes, length) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length }, (_, i) => ALPHABET[parseInt(bits.slice(5 * i, 5 * i + 5).padEnd(5, "0"), 2)]).join("");
}

function unbase32(text) {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  if (!/^[01]+$/.test(bits) || !bits.endsWith("00")) return undefined;
  return Uint8Array.from({ length: 16 }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8), 2));
}

// -- Sealing ---------------------------------------------------------------------------

async function derive(key, label, bits) {
  const base = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8.encode(label) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, bits));
}

async function nameOf(key) {
  const bytes = await derive(key, "id", 128);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function cipher(key, use) {
  return crypto.subtle.importKey("raw", await derive(key, "key", 256), "AES-GCM", false, [use]);
}

// IV ‖ AES-GCM(length in two bytes ‖ JSON ‖ zeros): always 4096 bytes.
async function seal(key, draft) {
  const text = utf8.encode(JSON.stringify(draft));
  const plain = new Uint8Array(SIZE - IV - TAG);
  if (text.length > plain.length - 2) throw new RangeError("draft too long");
  new DataView(plain.buffer).setUint16(0, text.length);
  plain.set(text, 2);
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const hidden = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await cipher(key, "encrypt"), plain);
  const sealed = new Uint8Array(SIZE);
  sealed.set(iv);
  sealed.set(new Uint8Array(hidden), IV);
  return sealed;
}

async function unseal(key, sealed) {
  const bytes = new Uint8Array(sealed);
  const how = { name: "AES-GCM", iv: bytes.slice(0, IV) };
  const plain = await crypto.subtle.decrypt(how, await cipher(key, "decrypt"), bytes.slice(IV));
  const length = new DataView(plain).getUint16(0);
  return JSON.parse(new TextDecoder().decode(plain.slice(2, 2 + length)));
}

// The draft behind a key; undefined when the server has none (any more).
export async function fetchDraft(key, drafts) {
  const response = await fetch(`${drafts}${await nameOf(key)}/`);
  if (response.status === 404 || response.status === 410) return undefined;
  if (!response.ok) throw new Error(`status ${response.status}`);
  return unseal(key, await response.arrayBuffer());
}

// -- Leaving ---------------------------------------------------------------------------

export async function carryOver(draft, { drafts, carry }, find) {
  const key = crypto.getRandomValues(new Uint8Array(16));
  const [sealed, name, text] = await Promise.all([seal(key, draft), nameOf(key), written(key)]);
  const headers = { "Content-Type": "application/octet-stream" };
  const response = await fetch(`${drafts}${name}/`, { method: "PUT", body: sealed, headers });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const link = new URL(carry, location.href);
  find("[data-address]").textContent = link.host + link.pathname;
  find("[data-key]").textContent = text;
  link.hash = text;
  find("[data-link]").href = link.href;
  find(".qr").append(await picture(link.href));
  find("[data-busy]").hidden = true;
  find("[data-ready]").hidden = false;
}

async function picture(text) {
  const { generate } = await import("../../vendor/lean-qr-2.7.4.js");
  const code = generate(text);
  const made = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const [svg, path] = [made("svg"), made("path")];
  svg.setAttribute("viewBox", `-4 -4 ${code.size + 8} ${code.size + 8}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  let drawn = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) drawn += `M${x} ${y}h1v1h-1z`;
  }
  path.setAttribute("d", drawn);
  svg.append(path);
  return svg;
}
