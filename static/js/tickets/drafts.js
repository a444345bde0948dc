/**
 * Forms with data-draft-url are saved on the server while one types, and so survive the tab. Until the server has answered, this tab keeps the
 * text (static/js/page/drafts.js); the form says which of the two it is.
 */

const NAMES = ["title", "description", "kind", "client_token"];
const PAUSE = 1000;
// Whoever never pauses is saved as often.
const LONGEST = 5000;
const RETRY = 15000;
// Browsers send no more than 64 KiB for a page that's gone.
const MOST_PARTING = 60000;

/** @typedef {{timer: number, since: number, saved: string, sent: boolean, request: AbortController | null}} State */
/** @type {WeakMap<HTMLFormElement, State>} */
const states = new WeakMap();

/** @param {HTMLFormElement} form */
function stateOf(form) {
  const state = states.get(form) ?? { timer: 0, since: 0, saved: "", sent: false, request: null };
  states.set(form, state);
  return state;
}

/**
 * The form that something belongs to, if its text is kept.
 * @param {unknown} target
 */
function formOf(target) {
  const form = target instanceof Element ? target.closest("form[data-draft-url]") : null;
  return form instanceof HTMLFormElement ? form : null;
}

/** @param {HTMLFormElement} form */
function valuesOf(form) {
  const data = new FormData(form);
  return Object.fromEntries(NAMES.filter((name) => data.has(name)).map((name) => [name, String(data.get(name))]));
}

/** @param {HTMLFormElement} form */
const discardOf = (form) => form.querySelector("[data-draft-discard]");

/**
 * @param {HTMLFormElement} form
 * @param {"saved" | "failed" | "expired" | "nothing"} what
 */
function say(form, what) {
  const place = form.querySelector("[data-draft-state]");
  const text = (place instanceof HTMLElement && place.dataset[what]) || "";
  // The same words twice would be read out twice.
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {HTMLFormElement} form */
function schedule(form, wait = PAUSE) {
  const state = stateOf(form);
  state.since ||= Date.now();
  window.clearTimeout(state.timer);
  // A failed attempt is given its time; whoever types is saved in time.
  const due = wait === RETRY ? RETRY : Math.min(wait, state.since + LONGEST - Date.now());
  state.timer = window.setTimeout(() => save(form), Math.max(0, due));
}

/** @param {HTMLFormElement} form */
async function save(form, isParting = false) {
  const state = stateOf(form);
  window.clearTimeout(state.timer);
  state.timer = state.since = 0;
  const values = valuesOf(form);
  const content = JSON.stringify(values);
  const isEmpty = !values.description?.trim() && !values.title?.trim();
  // Nothing here and nothing there.
  if (!form.isConnected || state.sent || content === state.saved || (isEmpty && discardOf(form)?.hasAttribute("hidden"))) return;
  const token = new FormData(form).get("csrfmiddlewaretoken");
  const body = new URLSearchParams({ ...values, csrfmiddlewaretoken: String(token) });
  state.request?.abort();
  const request = (state.request = new AbortController());
  const { signal } = request;
  try {
    const keepalive = isParting && body.toString().length < MOST_PARTING;
    const options = { method: "POST", body, headers: { Accept: "application/json" }, keepalive, signal };
    const response = await fetch(form.dataset.draftUrl ?? "", { ...options, redirect: "manual" });
    if (signal.aborted) return;
    if (response.ok) settle(form, values, isEmpty);
    else if (response.type === "opaqueredirect") say(form, "expired");
    else fail(form, response.status >= 500 || response.status === 429);
  } catch {
    if (!signal.aborted) fail(form, true);
  }
}

/**
 * The server has it.
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} values
 * @param {boolean} isEmpty
 */
function settle(form, values, isEmpty) {
  stateOf(form).saved = JSON.stringify(values);
  discardOf(form)?.toggleAttribute("hidden", isEmpty);
  say(form, isEmpty ? "nothing" : "saved");
  form.dispatchEvent(new CustomEvent("tms:draft-saved", { bubbles: true, detail: values }));
}

/** @param {HTMLFormElement} form */
function fail(form, again = false) {
  say(form, "failed");
  if (again) schedule(form, RETRY);
}

/**
 * What's being sent is no draft any more.
 * @param {HTMLFormElement} form
 */
function stop(form) {
  const state = stateOf(form);
  window.clearTimeout(state.timer);
  state.request?.abort();
  state.timer = state.since = 0;
  state.sent = true;
}

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form || !NAMES.includes(/** @type {HTMLInputElement} */ (event.target).name)) return;
  stateOf(form).sent = false;
  schedule(form);
});
document.addEventListener("submit", (event) => {
  const form = formOf(event.target);
  if (form) stop(form);
});
// Buttons of their own within the form: inserting a canned reply, discarding.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  const form = requestConfig?.verb === "post" ? formOf(elt) : null;
  if (form) stop(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful } = /** @type {CustomEvent} */ (event).detail;
  const form = successful ? null : formOf(requestConfig.elt);
  if (!form?.isConnected) return;
  stateOf(form).sent = false;
  schedule(form);
});
function part() {
  for (const form of document.querySelectorAll("form[data-draft-url]")) {
    if (form instanceof HTMLFormElement && stateOf(form).timer) save(form, true);
  }
}
window.addEventListener("pagehide", part);
document.addEventListener("visibilitychange", () => document.hidden && part());
// Coming back with the Back button, the form may be as it was when it was sent.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-draft-url]")) stateOf(/** @type {HTMLFormElement} */ (form)).sent = false;
});
