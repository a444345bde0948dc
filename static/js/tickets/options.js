/**
 * The list of what could be meant, beside a text that somebody types. Modules that know it offer it: "tms:offer" at the list, with the field
 * and the options. It is walked through with the arrows; "tms:choose" tells which one was taken, "tms:close" that none is offered any more.
 */

/** @typedef {{value: string, text: string}} Option */
/** @typedef {{field: HTMLElement, list: HTMLElement}} Offer */

/**
 * The list that stands open beside a field.
 * @param {EventTarget | null} target
 * @returns {Offer | null}
 */
function offeredTo(target) {
  if (!(target instanceof HTMLTextAreaElement)) return null;
  const list = document.getElementById(target.getAttribute("aria-controls") ?? "");
  return list?.matches("[role=listbox]:not([hidden])") ? { field: target, list } : null;
}

/** @param {Offer} offer */
function close({ field, list }) {
  if (list.hidden) return;
  list.hidden = true;
  list.replaceChildren();
  field.removeAttribute("aria-activedescendant");
  field.removeAttribute("aria-controls");
  list.dispatchEvent(new CustomEvent("tms:close", { bubbles: true }));
}

/** @param {Offer} offer @param {number} index */
function activate({ field, list }, index) {
  const options = [...list.children];
  const active = options[(index + options.length) % options.length];
  options.forEach((option) => option.setAttribute("aria-selected", String(option === active)));
  field.setAttribute("aria-activedescendant", active.id);
  active.scrollIntoView({ block: "nearest" });
}

/** @param {Offer} offer @param {HTMLElement} option */
function choose({ field, list }, option) {
  const { value } = option.dataset;
  close({ field, list });
  list.dispatchEvent(new CustomEvent("tms:choose", { bubbles: true, detail: { field, value } }));
}

/** @param {Offer} offer @param {Option[]} options */
function open({ field, list }, options) {
  list.replaceChildren(
    ...options.map(({ value, text }, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.dataset.value = value;
      item.textContent = text;
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        choose({ field, list }, item);
      });
      return item;
    }),
  );
  list.hidden = false;
  field.setAttribute("aria-controls", list.id);
  activate({ field, list }, 0);
}

document.addEventListener("tms:offer", (event) => {
  const list = /** @type {HTMLElement} */ (event.target);
  const { field, options } = /** @type {CustomEvent} */ (event).detail;
  // What comes late from the server is offered to nobody who has gone on.
  if (options.length && document.activeElement === field) open({ field, list }, options);
  else close({ field, list });
});
// Capturing: Enter chooses before anything else hears of it.
document.addEventListener(
  "keydown",
  (event) => {
    const offer = offeredTo(event.target);
    // While an input method puts a word together, its Enter means that word.
    if (!offer || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const options = /** @type {HTMLElement[]} */ ([...offer.list.children]);
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") activate(offer, at + 1);
    else if (event.key === "ArrowUp") activate(offer, at - 1);
    else if (event.key === "Enter" || event.key === "Tab") choose(offer, options[at]);
    else if (event.key === "Escape") close(offer);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("focusout", (event) => {
  const offer = offeredTo(event.target);
  if (offer) close(offer);
});
