/**
 * The properties of a ticket are saved as they are chosen: "tms:chosen" at the form tells htmx to send it. With the arrow keys a closed menu
 * takes on each value that they pass by: then only the one counts at which somebody stays, when they press Enter or leave the field.
 * Without this script the form has a button.
 */

// With Ctrl, Alt or the command key they open the menu, or are the browser's.
const PASSING = /^(Arrow|Page|Home|End)|^.$/u;

/** @typedef {HTMLSelectElement | HTMLInputElement} Field */

/** Whether the last key at a field was one that walks through its values; a click or an opened menu means what it picks. */
let walks = false;
/** What is chosen and not sent yet: the fields' ids and values. @type {Map<string, string>} */
const waiting = new Map();
/** Whether it's to be sent as soon as the answer is there that is on its way: with the version that it brings. */
let isDue = false;
let isSwapping = false;

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
const isChanged = (field) => (field instanceof HTMLSelectElement ? !field.selectedOptions[0]?.defaultSelected : field.value !== field.defaultValue);

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
function save({ form }) {
  isDue = Boolean(form?.classList.contains("htmx-request"));
  if (isDue) return;
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
    walks = isPassing(event) && field instanceof HTMLSelectElement;
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
  if (!walks) save(field);
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
