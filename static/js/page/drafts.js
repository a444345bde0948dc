/**
 * Unsent text survives an expired session. Forms with data-keep-draft="name" are kept in this tab's sessionStorage, by address,
 * and put back when the same person returns to the page. A sent text is forgotten as soon as any ordinary page follows. Where a form's text
 * is kept on the server too (static/js/tickets/drafts.js), this is what the server hasn't got yet.
 */

const PREFIX = "tms:draft:";
const words = document.getElementById("tms-texts")?.dataset ?? {};
const user = document.body.dataset.user ?? "";
// Log-in and error pages carry data-interruption: what was sent just before has not arrived.
const interrupted = document.body.hasAttribute("data-interruption");

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @typedef {Record<string, string>} Values */
/** @typedef {{user: string, sent: boolean, interrupted: boolean, values: Values, initial: Values, labels?: Values}} Draft */

/** @param {HTMLFormElement} form */
const keyOf = (form) => `${PREFIX}${window.location.pathname}:${form.dataset.keepDraft || "form"}`;

/**
 * @param {string} key
 * @returns {Draft | null}
 */
function read(key) {
  try {
    return JSON.parse(window.sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {Draft} draft
 */
function write(key, draft) {
  try {
    window.sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the page works without drafts.
  }
}

function allKeys() {
  try {
    return Object.keys(window.sessionStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/**
 * The fields worth keeping: what people type or choose, never passwords or hidden values.
 * @param {HTMLFormElement} form
 * @returns {Field[]}
 */
function fieldsOf(form) {
  return /** @type {Field[]} */ (
    [...form.elements].filter((each) => each.matches("textarea, select, input:is([type=text], [type=radio], :not([type]))") && each.getAttribute("name"))
  );
}

/**
 * What the server put into a field.
 * @param {Field} field
 */
function initialOf(field) {
  if (field.type === "radio") return String(field.defaultChecked);
  if (!(field instanceof HTMLSelectElement)) return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
}

/**
 * Each radio button is kept by itself: a note must never come back as a reply.
 * @param {Field} field
 */
const nameOf = (field) => (field.type === "radio" ? `${field.name}=${field.value}` : field.name);

/** @param {Field} field */
const valueOf = (field) => (field instanceof HTMLInputElement && field.type === "radio" ? String(field.checked) : field.value);

/** @param {Field} field */
const labelOf = (field) => (field instanceof HTMLSelectElement ? field.selectedOptions[0]?.text ?? "" : "");

/**
 * Put a value into a field. What can't be chosen any more stays chosen, as the server does it (tms_site/lib/listed.py).
 * @param {Field} field
 * @param {string} value
 * @param {string} label
 */
function put(field, value, label) {
  const isGone = field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value);
  if (isGone) field.add(new Option((words.gone ?? "").replace("{name}", () => label), value));
  if (field instanceof HTMLInputElement && field.type === "radio") field.checked = value === "true";
  else field.value = value;
}

/** @param {HTMLFormElement} form */
function keep(form, sent = false) {
  const fields = fieldsOf(form);
  const values = Object.fromEntries(fields.map((field) => [nameOf(field), valueOf(field)]));
  const initial = Object.fromEntries(fields.map((field) => [nameOf(field), initialOf(field)]));
  const labels = Object.fromEntries(fields.map((field) => [nameOf(field), labelOf(field)]));
  write(keyOf(form), { user, sent, interrupted: false, values, initial, labels });
}

/** @param {HTMLFormElement} form */
function restore(form) {
  const draft = read(keyOf(form));
  if (!draft || draft.user !== user) return;
  const changed = fieldsOf(form).filter((field) => nameOf(field) in draft.values && valueOf(field) !== draft.values[nameOf(field)]);
  // When the server's value has changed since, it is newer than the draft; unless the draft was just being sent.
  const restorable = changed.filter((field) => draft.interrupted || initialOf(field) === draft.initial[nameOf(field)]);
  restorable.forEach((field) => {
    const name = nameOf(field);
    put(field, draft.values[name], draft.labels?.[name] || draft.values[name]);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // What was sent when the session had ended, the server may have put back, and says so.
  const isSaid = [...document.querySelectorAll(".toasts .alert")].some((each) => each.textContent?.includes(words.restored ?? ""));
  const wasTyped = restorable.some((field) => field.type !== "radio");
  if (!isSaid && (wasTyped || draft.interrupted)) document.dispatchEvent(new CustomEvent("tms:notify", { detail: { text: words.restored, kind: "info" } }));
}

/** Settle what was on its way when the page before was left. */
function settle() {
  for (const key of allKeys()) {
    const draft = read(key);
    if (interrupted && draft?.sent) write(key, { ...draft, sent: false, interrupted: true });
    else if (!interrupted && (!draft || draft.sent || draft.user !== user)) window.sessionStorage.removeItem(key);
  }
}

settle();
// Other modules show the notice and count what comes back: they listen by then.
document.addEventListener("DOMContentLoaded", () => {
  if (!interrupted) document.querySelectorAll("form[data-keep-draft]").forEach((form) => restore(/** @type {HTMLFormElement} */ (form)));
});

document.addEventListener("input", (event) => {
  const form = /** @type {HTMLInputElement} */ (event.target).form;
  if (form?.hasAttribute("data-keep-draft")) keep(form);
});
// A link with data-cancel gives up what was typed.
document.addEventListener("click", (event) => {
  const form = /** @type {Element} */ (event.target).closest?.("a[data-cancel]")?.closest("form");
  if (form) window.sessionStorage.removeItem(keyOf(form));
});
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.hasAttribute("data-keep-draft")) keep(form, true);
  // Logging out is the end of what was typed: the next person at this computer shall not find it.
  if (form.hasAttribute("data-forget-drafts")) allKeys().forEach((key) => window.sessionStorage.removeItem(key));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful } = /** @type {CustomEvent} */ (event).detail;
  const form = requestConfig.elt.closest("form[data-keep-draft]");
  if (!(form instanceof HTMLFormElement)) return;
  // Suggestions that a field asks for, and buttons that show the form again, send nothing away.
  if (requestConfig.verb === "get" || requestConfig.elt.matches("[data-keeps-form]")) return;
  if (successful) window.sessionStorage.removeItem(keyOf(form));
  else keep(form);
});
// The server has it now, and sends it the next time: what's typed from here on is newer than that.
document.addEventListener("tms:draft-saved", (event) => {
  const { target, detail } = /** @type {CustomEvent<Record<string, string>>} */ (event);
  const form = /** @type {HTMLFormElement} */ (target);
  for (const field of fieldsOf(form).filter((each) => each.name in detail)) {
    if (field instanceof HTMLSelectElement) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") field.defaultChecked = field.value === detail[field.name];
    else field.defaultValue = detail[field.name];
  }
  keep(form);
});
document.addEventListener("tms:interrupted", () => {
  document.querySelectorAll("form[data-keep-draft][data-busy]").forEach((form) => keep(/** @type {HTMLFormElement} */ (form)));
});
