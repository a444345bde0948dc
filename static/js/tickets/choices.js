/**
 * The properties of a ticket are saved as they are chosen, and so is a list filtered: "tms:chosen" at the form tells htmx to send it. With
 * the arrow keys a closed menu takes on each value that they pass by: then only the one counts at which somebody stays, when they press Enter
 * or leave the field. A filter changes nothing that others see, so there a short rest will do. Without this script the form has a button.
 */

// With Ctrl, Alt or the command key they open the menu, or are the browser's.
const PASSING = /^(Arrow|Page|Home|End)|^.$/u;

// Longer than between two keys of somebody who walks through a menu.
const REST = 800;

/** @typedef {HTMLSelectElement | HTMLInputElement} Field */

/** Whether the last key at a field was one that walks through its values; a click or an opened menu means what it picks. */
let walks = false;
/** What is chosen and not sent yet: the fields' ids and values. @type {Map<string, string>} */
const waiting = new Map();
/** Whether it's to be sent as soon as the answer is there that is on its way: with the version that it brings. */
let isDue = false;
let isSwapping = false;
let rest = 0;
/** What the fields of a form that stays had when it was sent last; others come back with the answer. @type {WeakMap<Field, string>} */
const sent = new WeakMap();

/**
 * The field, when its form saves what is chosen.
 * @param {EventTarget | null} target
 * @returns {Field | null}
 */
function fieldOf(target) {
  const field = target instanceof HTMLSelectElement || target instanceof HTMLInputElement ? target : null;
  return field?.form?.dataset.savesChoices?.split(" ").includes(field.name) ? field : null;
}

/** @param {KeyboardEvent} event */
const isPassing = ({ key, altKey, ctrlKey, metaKey }) => PASSING.test(key) && key !== " " && !altKey && !ctrlKey && !metaKey;

/** @param {Field} field */
function isChanged(field) {
  if (sent.has(field)) return field.value !== sent.get(field);
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  return field.value !== ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
}

/** @param {Field} field */
const isFilter = (field) => field.form?.method === "get";

/** Say what saves the choice, while there's one to be saved. */
function hint() {
  const place = document.getElementById("quick-hint");
  if (place) place.textContent = waiting.size ? place.dataset.text ?? "" : "";
}

/** @param {Field} field */
function wait(field) {
  if (isChanged(field)) waiting.set(field.id, field.value);
  else waiting.delete(field.id);
  hint();
}

/** @param {Field} field */
function save(field) {
  const { form } = field;
  window.clearTimeout(rest);
  // A list that is on its way is replaced; a ticket's answer brings the version by which the next choice is saved.
  isDue = Boolean(form?.classList.contains("htmx-request")) && !isFilter(field);
  if (isDue) return;
  if (isFilter(field)) sent.set(field, field.value);
  waiting.clear();
  hint();
  form?.dispatchEvent(new CustomEvent("tms:chosen"));
}

document.addEventListener("pointerdown", () => (walks = false), true);
document.addEventListener("focusin", () => (walks = false));
document.addEventListener(
  "keydown",
  (event) => {
    const field = fieldOf(event.target);
    if (!field) return;
    window.clearTimeout(rest);
    walks = isPassing(event) && field instanceof HTMLSelectElement;
    if (waiting.has(field.id) && isFilter(field)) rest = window.setTimeout(() => save(field), REST);
    if (event.key !== "Enter" || !waiting.has(field.id)) return;
    event.preventDefault();
    save(field);
  },
  true,
);
document.addEventListener("change", (event) => {
  const field = fieldOf(event.target);
  if (!field) return;
  wait(field);
  window.clearTimeout(rest);
  if (!walks) save(field);
  else if (isFilter(field) && waiting.has(field.id)) rest = window.setTimeout(() => save(field), REST);
});
document.addEventListener("focusout", (event) => {
  const field = fieldOf(event.target);
  // A field that an answer takes away isn't left by anybody.
  if (field && !isSwapping && waiting.has(field.id)) save(field);
});

// What isn't sent yet outlives the answer to what was sent before.
document.addEventListener("htmx:beforeSwap", () => (isSwapping = true));
document.addEventListener("htmx:afterRequest", () => {
  isSwapping = false;
  const fields = [...waiting.keys()].map((id) => fieldOf(document.getElementById(id)));
  for (const field of fields) {
    if (!field) continue;
    field.value = waiting.get(field.id) ?? "";
    wait(field);
  }
  const field = fields.find(Boolean);
  if (isDue && field && !waiting.has(document.activeElement?.id ?? "")) save(field);
});
