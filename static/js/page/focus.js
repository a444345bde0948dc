/**
 * The keyboard keeps its place when an answer replaces the element that has the focus. htmx finds an element of the same id by itself; here
 * it's one that says and does the same, and where there is none, the heading of the part that was replaced, or the part itself.
 */

/** @type {HTMLElement | null} */
let held = null;
/** The ids of the parts around it, from the inside: those that stand in the page afterwards are where it was. @type {string[]} */
let parts = [];

/** @param {Element} element */
function partsOf(element) {
  const ids = [];
  for (let part = element.parentElement?.closest("[id]"); part; part = part.parentElement?.closest("[id]")) ids.push(part.id);
  return ids;
}

/** @param {Element} element */
const textOf = (element) => (element.textContent ?? "").replace(/\s+/g, " ").trim();

/**
 * Whether one element stands in the other's place.
 * @param {Element} before
 * @param {Element} after
 */
function isCounterpart(before, after) {
  const same = ["href", "name", "value", "type"].every((name) => before.getAttribute(name) === after.getAttribute(name));
  return same && textOf(before) === textOf(after) && after.checkVisibility();
}

/**
 * What takes the focus over within a part.
 * @param {HTMLElement} part
 */
function heirOf(part) {
  const heir = part.matches("[tabindex]") ? part : /** @type {HTMLElement} */ (part.querySelector("h1, h2, h3") ?? part);
  if (!heir.matches("[tabindex]")) heir.tabIndex = -1;
  return heir;
}

document.addEventListener("htmx:beforeSwap", () => {
  held = document.activeElement instanceof HTMLElement && document.activeElement !== document.body ? document.activeElement : null;
  parts = held ? partsOf(held) : [];
});
document.addEventListener("htmx:afterRequest", () => {
  const lost = held;
  held = null;
  // Whoever has the focus keeps it: an error summary, a dialog, or what htmx has found.
  if (!lost || lost.isConnected || (document.activeElement && document.activeElement !== document.body)) return;
  const places = parts.map((id) => document.getElementById(id)).filter((place) => place !== null);
  const counterpart = places.length && [...places[0].querySelectorAll(lost.tagName)].find((each) => isCounterpart(lost, each));
  const heir = counterpart || (places.length && heirOf(places[0]));
  if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
});
