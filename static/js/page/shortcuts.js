/**
 * Keyboard shortcuts. Elements say which key they answer to (data-shortcut="c"); rows of lists carry data-list-row.
 * Never while typing, never with a modifier, and they can be switched off in the profile. Ctrl-K opens the palette, which is loaded then.
 */

// Switched off in the profile: WCAG 2.1.4. Keys with Ctrl go on working.
const isOn = document.body.dataset.shortcuts !== "off";

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && Boolean(target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));

/**
 * The row that was opened last, as far as this entry of the browser's history knows: one comes back to it, and opens the list anew without it.
 * @param {Element} row
 */
const wasOpened = (row) => Boolean(window.history.state?.opened) && row.querySelector("a")?.href === window.history.state.opened;

/**
 * Move in the list of the page.
 * @param {1 | -1} step
 */
function move(step) {
  const rows = [...document.querySelectorAll("[data-list-row]")];
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const start = rows.find(wasOpened) ?? rows.at(step > 0 ? 0 : -1);
  const next = current < 0 ? start : rows[current + step];
  if (!next) return;
  /** @type {HTMLElement | null} */ (next.querySelector("a"))?.focus();
  next.scrollIntoView({ block: "nearest" });
}

/**
 * A form takes the focus into its text, and so does a label of one of its kinds: reply or note. What stands there already never
 * gets more readers by a key: a reply may become a note, which fewer people read, but no note a reply.
 * @param {HTMLElement} element
 */
function textOf(element) {
  const form = element.matches("form, label") && element.closest("form");
  const text = form && form.querySelector("textarea");
  if (!text) return null;
  const kind = element.matches("form") ? form.querySelector("[name=kind][value=reply]") : element.querySelector("input");
  if (kind instanceof HTMLInputElement && (kind.value === "note" || !text.value.trim())) kind.click();
  return text;
}

/**
 * Do what an element with a shortcut stands for: a form takes the focus into its text, a field the focus, the rest a click.
 * @param {HTMLElement} element
 */
function activate(element) {
  const field = textOf(element) ?? (element.matches("input, textarea, select") && element);
  if (!(field instanceof HTMLElement)) {
    element.click();
    return;
  }
  field.focus();
  field.scrollIntoView({ block: "nearest" });
  if (field instanceof HTMLInputElement) field.select();
}

/**
 * What was typed while the palette was on its way; nothing when none is.
 * @type {string | null}
 */
let typedAhead = null;

/**
 * Load the palette, once, and open it. Keys pressed meanwhile are meant for it: none of them is a shortcut.
 * @param {HTMLElement} opener
 */
async function openPalette(opener) {
  if (typedAhead !== null) return;
  /** @type {HTMLElement | null} */ (opener.closest("[popover]"))?.hidePopover();
  typedAhead = "";
  try {
    const { open } = await import(opener.dataset.script ?? "");
    await open(opener.dataset.palette, () => typedAhead);
  } catch {
    document.dispatchEvent(new CustomEvent("tms:notify", { detail: { text: document.getElementById("tms-texts")?.dataset.offline ?? "", kind: "error" } }));
  } finally {
    typedAhead = null;
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    const opener = document.querySelector("[data-palette]");
    if (!(opener instanceof HTMLElement) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    openPalette(opener);
    return;
  }
  if (typedAhead !== null && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    if (event.key.length === 1) typedAhead += event.key;
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement) {
    event.preventDefault();
    event.target.form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (!isOn || document.querySelector("dialog[open]")) return;
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
document.addEventListener("click", (event) => {
  const row = /** @type {Element} */ (event.target).closest("a")?.closest("[data-list-row]");
  if (row) window.history.replaceState({ ...window.history.state, opened: row.querySelector("a")?.href }, "");
});
document.addEventListener("tms:activate", (event) => activate(/** @type {CustomEvent} */ (event).detail));
document.addEventListener("click", (event) => {
  const opener = /** @type {Element} */ (event.target).closest("[data-palette]");
  if (opener instanceof HTMLElement) openPalette(opener);
});
