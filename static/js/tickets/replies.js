/**
 * Canned replies by typing a slash: those whose shortcut or name goes on like that are offered (options.js). The text comes from the server,
 * which fills its placeholders; without this script the list and its button do the same.
 */

const TYPED = /(^|\s)\/([\p{L}\d-]*)$/u;
const MOST = 8;

/** @typedef {{form: HTMLFormElement, field: HTMLTextAreaElement, select: HTMLSelectElement, list: HTMLElement}} Menu */

/**
 * The menu of the form that a text is typed into.
 * @param {EventTarget | null} target
 * @returns {Menu | null}
 */
function menuOf(target) {
  if (!(target instanceof HTMLTextAreaElement) || !target.form) return null;
  const select = target.form.querySelector("[data-replies] select");
  const list = target.form.querySelector("[data-replies] [role=listbox]");
  if (!(select instanceof HTMLSelectElement) || !(list instanceof HTMLElement)) return null;
  return { form: target.form, field: target, select, list };
}

/** @param {Menu} menu */
function offer({ field, select, list }) {
  const words = TYPED.exec(field.value.slice(0, field.selectionStart))?.[2].toLowerCase();
  const fits = [...select.options].filter(({ value, text, dataset: { shortcut = "" } }) => {
    return value && words !== undefined && (shortcut.startsWith(words) || text.toLowerCase().includes(words));
  });
  const options = fits.slice(0, MOST).map(({ value, text }) => ({ value, text }));
  list.dispatchEvent(new CustomEvent("tms:offer", { bubbles: true, detail: { field, options } }));
}

/**
 * Take the slash and what follows it out, and let the server put the text in its place.
 * @param {Menu} menu
 * @param {string} value
 */
function insert({ form, field, select }, value) {
  const before = field.value.slice(0, field.selectionStart).replace(TYPED, "$1");
  field.value = before + field.value.slice(field.selectionStart);
  select.value = value;
  const place = form.querySelector("[data-replies] [name=at]");
  // Characters, as the server counts them.
  if (place instanceof HTMLInputElement) place.value = String([...before].length);
  /** @type {HTMLElement | null} */ (form.querySelector("[data-replies] button"))?.click();
}

document.addEventListener("input", (event) => {
  const menu = menuOf(event.target);
  if (menu) offer(menu);
});
document.addEventListener("tms:choose", (event) => {
  const { field, value } = /** @type {CustomEvent} */ (event).detail;
  const menu = menuOf(field);
  if (menu?.list === event.target) insert(menu, value);
});
// As soon as the text is there: what somebody types goes on behind it.
document.addEventListener("htmx:afterSwap", (event) => {
  const field = /** @type {HTMLElement} */ (event.target).querySelector?.("textarea[data-caret]");
  if (!(field instanceof HTMLTextAreaElement)) return;
  const place = [...field.value].slice(0, Number(field.dataset.caret)).join("").length;
  field.focus();
  field.setSelectionRange(place, place);
  // Drafts and counters hear of the new text.
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
