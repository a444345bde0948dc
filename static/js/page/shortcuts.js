/**
 * Keyboard shortcuts. Elements say which key they answer to (data-shortcut="c"); rows of lists carry data-list-row.
 * Never while typing, never with a modifier, and they can be switched off.
 */

const STORE = "tms:shortcuts";

function isOn() {
  try {
    return window.localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function setOn(on) {
  try {
    window.localStorage.setItem(STORE, on ? "on" : "off");
  } catch {
    // Without storage the choice lasts for this page only.
  }
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && Boolean(target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));

/**
 * Move in the list of the page.
 * @param {1 | -1} step
 */
function move(step) {
  const rows = [...document.querySelectorAll("[data-list-row]")];
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[current < 0 ? (step > 0 ? 0 : rows.length - 1) : current + step];
  if (!next) return;
  /** @type {HTMLElement | null} */ (next.querySelector("a"))?.focus();
  next.scrollIntoView({ block: "nearest" });
}

/**
 * Do what an element with a shortcut stands for: a form takes the focus into its text, a field the focus, the rest a click.
 * @param {HTMLElement} element
 */
function activate(element) {
  const field = element.matches("form") ? element.querySelector("textarea") : element.matches("input, textarea, select") && element;
  if (!(field instanceof HTMLElement)) {
    element.click();
    return;
  }
  field.focus();
  field.scrollIntoView({ block: "nearest" });
  if (field instanceof HTMLInputElement) field.select();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement) {
    event.preventDefault();
    event.target.form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (!isOn() || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    /** @type {HTMLDialogElement | null} */ (document.getElementById("shortcuts-dialog"))?.showModal();
    return;
  }
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    move(event.key === "j" ? 1 : -1);
    return;
  }
  const element = /[\w/]/.test(event.key) && event.key.length === 1 && document.querySelector(`[data-shortcut="${event.key}"]`);
  if (!(element instanceof HTMLElement)) return;
  event.preventDefault();
  activate(element);
}

document.addEventListener("keydown", onKey);

const toggle = document.querySelector("[data-shortcuts-switch]");
if (toggle instanceof HTMLInputElement) {
  toggle.checked = isOn();
  toggle.addEventListener("change", () => setOn(toggle.checked));
}
