/**
 * Naming colleagues: an @ and the beginning of a name offer those who are called so (options.js). Whoever is named watches the ticket once
 * the text is sent; typing the whole name does the same.
 */

const TYPED = /(?:^|[^\p{L}\p{N}_.@/])@([\p{L}\p{N}][\p{L}\p{N} .'-]{0,60})?$/u;
const PAUSE = 150;

/** @typedef {{field: HTMLTextAreaElement, list: HTMLElement, url: string}} Place */

let timer = 0;
/** @type {AbortController | null} */
let request = null;
// Where nobody is called like that, nobody is called like that and something more.
let hopeless = "\n";
let chosen = "";

/**
 * The text that somebody types into, where colleagues can be named in it.
 * @param {EventTarget | null} target
 * @returns {Place | null}
 */
function placeOf(target) {
  if (!(target instanceof HTMLTextAreaElement)) return null;
  const box = target.form?.querySelector("[data-mentions]");
  const list = box?.querySelector("[role=listbox]");
  if (!(box instanceof HTMLElement) || !(list instanceof HTMLElement)) return null;
  return { field: target, list, url: box.dataset.mentions ?? "" };
}

/** @param {HTMLTextAreaElement} field */
const typedIn = (field) => TYPED.exec(field.value.slice(0, field.selectionStart));

function stop() {
  window.clearTimeout(timer);
  request?.abort();
}

/** @param {Place} place @param {string[]} names */
function offer({ field, list }, names) {
  const options = names.map((name) => ({ value: name, text: name }));
  list.dispatchEvent(new CustomEvent("tms:offer", { bubbles: true, detail: { field, options } }));
}

/** @param {Place} place */
async function ask(place) {
  const typed = (typedIn(place.field)?.[1] ?? "").toLowerCase();
  request = new AbortController();
  const { signal } = request;
  try {
    const options = { headers: { Accept: "application/json" }, signal, redirect: /** @type {RequestRedirect} */ ("manual") };
    const response = await fetch(`${place.url}?${new URLSearchParams({ q: typed })}`, options);
    if (!response.ok) return;
    const { names } = await response.json();
    if (signal.aborted) return;
    hopeless = names.length || !typed ? "\n" : typed;
    offer(place, names);
  } catch {
    // Whoever types the whole name is understood too.
  }
}

/**
 * Put the name in the place of what was typed of it.
 * @param {HTMLTextAreaElement} field
 * @param {string} name
 */
function insert(field, name) {
  const typed = typedIn(field)?.[1] ?? "";
  const end = field.selectionStart;
  chosen = `${name} `.toLowerCase();
  field.setRangeText(`${name} `, end - typed.length, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const place = placeOf(event.target);
  if (!place) return;
  stop();
  const found = typedIn(place.field);
  const typed = (found?.[1] ?? "").toLowerCase();
  if (found && !typed.startsWith(hopeless) && !(chosen && typed.startsWith(chosen))) timer = window.setTimeout(() => ask(place), PAUSE);
  else offer(place, []);
});
document.addEventListener("tms:choose", (event) => {
  const { field, value } = /** @type {CustomEvent} */ (event).detail;
  if (placeOf(field)?.list === event.target) insert(field, value);
});
document.addEventListener("tms:close", (event) => {
  if (event.target instanceof HTMLElement && event.target.closest("[data-mentions]")) stop();
});
