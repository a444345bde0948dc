/**
 * While a ticket is open: who else is there, and what is new. Asks every few seconds, only while the page is seen.
 */

const place = document.getElementById("presence");
const BASE = 5000;
const JITTER = 2000;
const LONGEST = 60000;
// Whoever hasn't typed for so long isn't replying any more.
const TYPING = 60000;
const SEEN = 2000;
// Twice as long as what the server sends a second time.
const SETTLED = 20_000;

let timer = 0;
let failures = 0;
let tag = "";
let known = place?.dataset.news ?? "";
let typedAt = 0;
let touched = false;

const thread = () => document.getElementById("thread");
const composer = () => document.getElementById("composer");

function isReplying() {
  const field = composer()?.querySelector("textarea");
  return Boolean(field instanceof HTMLTextAreaElement && field.value.trim() && Date.now() - typedAt < TYPING);
}

/** The last entry that the page shows; nothing where it shows an older part, after which others come. */
function lastShown() {
  if (document.querySelector("#thread a#thread-later")) return "";
  const entries = document.querySelectorAll("#thread > li[data-at]");
  const last = entries[entries.length - 1];
  return last instanceof HTMLElement ? last.dataset.at ?? "" : "0.0.0";
}

/** The moment of an entry, in microseconds. @param {HTMLElement} entry */
const momentOf = (entry) => Number((entry.dataset.at ?? "").split(".")[0]);

/**
 * Which comments the page shows, for the server to find that others stand there now: from where to where, how many, how many of them notes.
 * The newest are left out for a moment: what was written at the same time may be on its way here.
 */
function shown() {
  const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#thread > li[data-at]")]);
  const settled = (Date.now() - SETTLED) * 1000;
  const old = entries.filter((entry) => momentOf(entry) <= settled);
  if (!old.length) return "";
  const comments = old.filter((entry) => entry.id.startsWith("comment-"));
  const notes = comments.filter((entry) => entry.querySelector(".comment-note"));
  const first = document.getElementById("thread-earlier") ? old[0].dataset.at : "";
  return [first, old[old.length - 1].dataset.at, comments.length, notes.length].join("~");
}

/** What the server needs to know to send no more than what's new. */
function state() {
  const after = lastShown();
  const show = new URLSearchParams(window.location.search).get("show");
  const there = after && shown();
  return { ...(after ? { after } : {}), ...(show ? { show } : {}), ...(there ? { shown: there } : {}) };
}

function schedule(wait = BASE + Math.random() * JITTER) {
  window.clearTimeout(timer);
  if (!document.hidden) timer = window.setTimeout(ask, wait);
}

async function ask() {
  if (!place?.isConnected || document.hidden) return;
  try {
    const address = `${place.dataset.url}${isReplying() ? "?replying=1" : ""}`;
    const response = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", redirect: "manual" });
    // The session has ended, the ticket is gone or may not be seen any more: there's nothing to ask for.
    if (response.type === "opaqueredirect" || response.status === 404 || response.status === 403) return;
    if (!response.ok && response.status !== 304) throw new Error(String(response.status));
    failures = 0;
    if (response.status !== 304) show(await response.json(), response.headers.get("ETag") ?? "");
    schedule();
  } catch {
    failures += 1;
    schedule(Math.min(BASE * 2 ** failures, LONGEST));
  }
}

/**
 * @param {{news: string, text: string}} scene
 * @param {string} newTag
 */
function show(scene, newTag) {
  tag = newTag;
  if (place && place.textContent !== scene.text) place.textContent = scene.text;
  if (scene.news === known) return;
  known = scene.news;
  load();
}

function load() {
  const values = state();
  if (!values.after) {
    document.dispatchEvent(new CustomEvent("tms:notify", { detail: { text: place?.dataset.elsewhere, kind: "info" } }));
    return;
  }
  const properties = document.getElementById("properties");
  // Values that somebody is choosing stay as they are.
  const untouched = !touched && !properties?.contains(document.activeElement);
  window.htmx?.ajax("GET", place?.dataset.newsUrl ?? "", {
    source: place,
    target: place,
    swap: "none",
    values: { ...values, ...(untouched ? { properties: "1" } : {}) },
  });
}

if (place) {
  schedule(2000 + Math.random() * 1000);
  document.addEventListener("visibilitychange", () => schedule(document.hidden ? BASE : Math.random() * 500));
}

document.addEventListener("input", (event) => {
  const field = /** @type {Element} */ (event.target);
  if (field.closest("#properties")) touched = true;
  if (!field.matches("#composer textarea")) return;
  const was = isReplying();
  typedAt = Date.now();
  // The others shall know at once.
  if (!was && isReplying()) schedule(0);
});

// Changes that are sent from here are answered with what's new, not with the whole thread again.
document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (place && detail.verb === "post" && detail.elt?.closest?.("#composer, #ticket")) {
    for (const [name, value] of Object.entries(state())) detail.parameters[name] = value;
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.target?.id === "properties") touched = false;
});

let top = 0;
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.target?.id === "properties") touched = false;
  if (detail.target?.id !== "thread") return;
  // A little is sent twice.
  if (!detail.fragment?.querySelector?.("#thread")) {
    detail.fragment?.querySelectorAll?.("li[id]").forEach((/** @type {Element} */ entry) => document.getElementById(entry.id) && entry.remove());
  }
  top = composer()?.getBoundingClientRect().top ?? 0;
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.target?.id !== "thread" && detail.target !== thread()) return;
  // Whoever types stays where they are.
  const form = composer();
  if (form?.contains(document.activeElement)) window.scrollBy({ top: form.getBoundingClientRect().top - top, behavior: "instant" });
  document.querySelectorAll("#thread > .is-new").forEach((entry) => watcher.observe(entry));
});

/** @type {Map<Element, number>} */
const timers = new Map();
const watcher = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    window.clearTimeout(timers.get(target));
    if (isIntersecting && !document.hidden) timers.set(target, window.setTimeout(() => settle(target), SEEN));
  }
}, { threshold: 0.5 });

/**
 * Somebody has seen a new entry: a reply that's sent from now on knows of it.
 * @param {Element} entry
 */
function settle(entry) {
  watcher.unobserve(entry);
  entry.classList.remove("is-new");
  entry.classList.add("was-new");
  const number = /^comment-(\d+)$/.exec(entry.id)?.[1];
  const seen = composer()?.querySelector("input[name=seen]");
  if (!number || !(seen instanceof HTMLInputElement)) return;
  // What else has been seen, such as a merge, stands behind the number of the newest comment.
  const [, newest, others] = /^(\d*)(.*)$/.exec(seen.value) ?? [];
  seen.value = `${Math.max(Number(newest || 0), Number(number))}${others ?? ""}`;
}
