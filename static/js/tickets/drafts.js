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
// The status by which the server says that it keeps nothing.
const NOT_KEPT = 205;

// The other tabs of this browser: those with the same form have the same draft.
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("tms:drafts") : null;

/** @typedef {{timer: number, since: number, saved: string, sent: boolean, isOver: boolean, request: AbortController | null}} State */
/** @type {WeakMap<HTMLFormElement, State>} */
const states = new WeakMap();

/** @param {HTMLFormElement} form */
function stateOf(form) {
  const state = states.get(form) ?? { timer: 0, since: 0, saved: "", sent: false, isOver: false, request: null };
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

/** @param {Record<string, string>} values */
const isBlank = (values) => !values.description?.trim() && !values.title?.trim();

/** @param {HTMLFormElement} form */
const discardOf = (form) => form.querySelector("[data-draft-discard]");

/**
 * @param {HTMLFormElement} form
 * @param {"saved" | "failed" | "expired" | "replaced" | "kept" | "nothing"} what
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
  const isEmpty = isBlank(values);
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
    if (response.status === NOT_KEPT && !isEmpty) end(form, content);
    else if (response.ok) settle(form, values, isEmpty);
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
  tell(form, values);
}

/**
 * What this form began with was sent already: from another page, or before somebody went back to it. What is typed from here on is another
 * comment. A ticket is not so lightly opened twice: there the form says which one it is, and the server asks before it's another one.
 * @param {HTMLFormElement} form
 * @param {string} content
 */
function end(form, content) {
  const state = stateOf(form);
  state.saved = content;
  state.isOver = true;
  discardOf(form)?.setAttribute("hidden", "");
  say(form, isNamed(form) ? "kept" : "nothing");
  form.dispatchEvent(new CustomEvent("tms:sent-already", { bubbles: true }));
}

/** @param {HTMLFormElement} form */
const isNamed = (form) => form.hasAttribute("data-names-itself");

/** @param {HTMLFormElement} form */
function beginAnew(form) {
  const token = form.querySelector("input[name=client_token]");
  // Without randomUUID, which addresses with plain HTTP don't have.
  const parts = [...crypto.getRandomValues(new Uint8Array(16))].map((part) => part.toString(16).padStart(2, "0"));
  if (token instanceof HTMLInputElement) token.value = parts.join("");
  stateOf(form).isOver = false;
}

/**
 * Tell the other tabs what has become of the draft; without values, that it's gone.
 * @param {HTMLFormElement} form
 * @param {Record<string, string> | null} values
 */
function tell(form, values) {
  tabs?.postMessage({ url: form.dataset.draftUrl, user: document.body.dataset.user, values });
}

/** @param {MessageEvent<{url: string, user: string, values: Record<string, string> | null}>} event */
function hear({ data }) {
  const form = [...document.querySelectorAll("form[data-draft-url]")].find((each) => each instanceof HTMLFormElement && each.dataset.draftUrl === data.url);
  if (!(form instanceof HTMLFormElement) || data.user !== document.body.dataset.user) return;
  const values = valuesOf(form);
  const others = data.values;
  const isSame = others && NAMES.every((name) => name === "client_token" || values[name] === others[name]);
  if (isBlank(values) || isSame) return;
  stateOf(form).saved = "";
  // Two tabs shall not take turns replacing each other's text: this one waits until somebody types here.
  if (others) say(form, "replaced");
  else schedule(form);
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
  if (stateOf(form).isOver && isNamed(form)) return;
  if (stateOf(form).isOver) beginAnew(form);
  schedule(form);
});
document.addEventListener("submit", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  stop(form);
  // Of what htmx sends, the answer says whether it's gone.
  if (!form.hasAttribute("hx-post")) tell(form, null);
});
// Buttons of their own within the form: inserting a canned reply, discarding.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  const form = requestConfig?.verb === "post" ? formOf(elt) : null;
  if (form) stop(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful } = /** @type {CustomEvent} */ (event).detail;
  const form = formOf(requestConfig.elt);
  if (form && successful && (form === requestConfig.elt || requestConfig.elt.matches("[data-draft-discard]"))) tell(form, null);
  if (successful || !form?.isConnected) return;
  stateOf(form).sent = false;
  schedule(form);
});
tabs?.addEventListener("message", hear);
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
