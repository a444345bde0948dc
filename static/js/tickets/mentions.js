/**
 * Naming colleagues: an @ and the beginning of a name offer those who are called so, chosen with the arrows and Enter. Whoever is named
 * watches the ticket once the text is sent; typing the whole name does the same.
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

/** @param {Place} place */
const typedIn = ({ field }) => TYPED.exec(field.value.slice(0, field.selectionStart));

/** @param {Place} place */
function close({ field, list }) {
  window.clearTimeout(timer);
  request?.abort();
  if (list.hidden) return;
  list.hidden = true;
  list.replaceChildren();
  field.removeAttribute("aria-activedescendant");
  field.removeAttribute("aria-controls");
}

/** @param {Place} place @param {number} index */
function activate({ field, list }, index) {
  const options = [...list.children];
  const active = options[(index + options.length) % options.length];
  options.forEach((option) => option.setAttribute("aria-selected", String(option === active)));
  field.setAttribute("aria-activedescendant", active.id);
  active.scrollIntoView({ block: "nearest" });
}

/** @param {Place} place */
async function ask(place) {
  const typed = (typedIn(place)?.[1] ?? "").toLowerCase();
  request = new AbortController();
  const { signal } = request;
  try {
    const options = { headers: { Accept: "application/json" }, signal, redirect: /** @type {RequestRedirect} */ ("manual") };
    const response = await fetch(`${place.url}?${new URLSearchParams({ q: typed })}`, options);
    if (!response.ok) return;
    const { names } = await response.json();
    if (!signal.aborted) offer(place, names, typed);
  } catch {
    // Whoever types the whole name is understood too.
  }
}

/**
 * @param {Place} place
 * @param {string[]} names
 * @param {string} typed
 */
function offer(place, names, typed) {
  const { field, list } = place;
  hopeless = names.length || !typed ? "\n" : typed;
  if (!names.length || document.activeElement !== field) {
    close(place);
    return;
  }
  list.replaceChildren(
    ...names.map((name, index) => {
      const item = document.createElement("li");
      item.id = `mention-option-${index}`;
      item.setAttribute("role", "option");
      item.textContent = name;
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        choose(place, name);
      });
      return item;
    }),
  );
  list.hidden = false;
  field.setAttribute("aria-controls", list.id);
  activate(place, 0);
}

/**
 * Put the name in the place of what was typed of it.
 * @param {Place} place
 * @param {string} name
 */
function choose(place, name) {
  const { field } = place;
  const typed = typedIn(place)?.[1] ?? "";
  const end = field.selectionStart;
  close(place);
  chosen = `${name} `.toLowerCase();
  field.setRangeText(`${name} `, end - typed.length, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const place = placeOf(event.target);
  if (!place) return;
  const found = typedIn(place);
  const typed = (found?.[1] ?? "").toLowerCase();
  if (!found || typed.startsWith(hopeless) || (chosen && typed.startsWith(chosen))) {
    close(place);
    return;
  }
  window.clearTimeout(timer);
  request?.abort();
  timer = window.setTimeout(() => ask(place), PAUSE);
});
// Capturing: Enter chooses before anything else hears of it.
document.addEventListener(
  "keydown",
  (event) => {
    const place = placeOf(event.target);
    if (!place || place.list.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    const options = [...place.list.children];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") activate(place, at + 1);
    else if (event.key === "ArrowUp") activate(place, at - 1);
    else if (event.key === "Enter" || event.key === "Tab") choose(place, options[at].textContent ?? "");
    else if (event.key === "Escape") close(place);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("focusout", (event) => {
  const place = placeOf(event.target);
  if (place) close(place);
});
