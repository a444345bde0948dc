/**
 * Canned replies by typing a slash: a list of those whose shortcut or name goes on like that, chosen with the arrows and Enter. The text comes
 * from the server, which fills its placeholders; without this script the list and its button do the same.
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
function close({ field, list }) {
  list.hidden = true;
  list.replaceChildren();
  field.removeAttribute("aria-activedescendant");
  field.removeAttribute("aria-controls");
}

/** @param {Menu} menu @param {number} index */
function activate({ field, list }, index) {
  const options = [...list.children];
  const chosen = options[(index + options.length) % options.length];
  options.forEach((option) => option.setAttribute("aria-selected", String(option === chosen)));
  field.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

/** @param {Menu} menu */
function open(menu) {
  const { field, select, list } = menu;
  const found = TYPED.exec(field.value.slice(0, field.selectionStart));
  const words = found?.[2].toLowerCase() ?? "";
  const fits = [...select.options].filter((option) => {
    const { shortcut = "" } = option.dataset;
    return shortcut.startsWith(words) || (option.value && option.text.toLowerCase().includes(words));
  });
  if (!found || !fits.filter((option) => option.value).length) {
    close(menu);
    return;
  }
  list.replaceChildren(
    ...fits.filter((option) => option.value).slice(0, MOST).map((option) => {
      const item = document.createElement("li");
      item.id = `reply-option-${option.value}`;
      item.setAttribute("role", "option");
      item.textContent = option.text;
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        choose(menu, option.value);
      });
      return item;
    }),
  );
  list.hidden = false;
  field.setAttribute("aria-controls", list.id);
  activate(menu, 0);
}

/**
 * Take the slash and what follows it out, and let the server put the text in its place.
 * @param {Menu} menu
 * @param {string} value
 */
function choose(menu, value) {
  const { form, field, select } = menu;
  const before = field.value.slice(0, field.selectionStart).replace(TYPED, "$1");
  field.value = before + field.value.slice(field.selectionStart);
  select.value = value;
  const place = form.querySelector("[data-replies] [name=at]");
  // Characters, as the server counts them.
  if (place instanceof HTMLInputElement) place.value = String([...before].length);
  close(menu);
  /** @type {HTMLElement | null} */ (form.querySelector("[data-replies] button"))?.click();
}

document.addEventListener("input", (event) => {
  const menu = menuOf(event.target);
  if (menu) open(menu);
});
// Capturing: Enter chooses before anything else hears of it.
document.addEventListener(
  "keydown",
  (event) => {
    const menu = menuOf(event.target);
    if (!menu || menu.list.hidden) return;
    const options = [...menu.list.children];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") activate(menu, at + 1);
    else if (event.key === "ArrowUp") activate(menu, at - 1);
    else if (event.key === "Enter" || event.key === "Tab") choose(menu, options[at].id.replace("reply-option-", ""));
    else if (event.key === "Escape") close(menu);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("focusout", (event) => {
  const menu = menuOf(event.target);
  if (menu) close(menu);
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
