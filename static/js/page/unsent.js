/**
 * What didn't reach the server: a notice names it and offers to send it again. Answers to other requests may have put another form in its
 * place meanwhile: then that one is given what was chosen.
 */

const words = document.getElementById("tms-texts")?.dataset ?? {};

/** The notices that still stand: a new attempt ends them. @type {WeakMap<Element, AbortController>} */
const standing = new WeakMap();

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/** @param {string} text @param {AbortSignal} [signal] @param {{label: string | undefined, act: () => void} | null} [remedy] */
function say(text, signal, remedy) {
  document.dispatchEvent(new CustomEvent("tms:notify", { detail: { text, kind: "error", signal, remedy } }));
}

/** @param {Element | null | undefined} element */
const textOf = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/**
 * What somebody would call it: the words of the button or link, or what the form is called.
 * @param {Element} element
 * @param {HTMLElement | null} submitter
 */
function nameOf(element, submitter) {
  if (!(element instanceof HTMLFormElement)) return textOf(element);
  return textOf(submitter) || (element.getAttribute("aria-label") ?? textOf(element.querySelector("h2")));
}

/**
 * What tells a form from others: where it goes and the hidden values that it brings along, but for those that each answer makes anew.
 * @param {HTMLFormElement} form
 */
function signOf(form) {
  const own = [...form.querySelectorAll("input[type=hidden]:not([name=version], [name=client_token], [name=csrfmiddlewaretoken])")];
  return [form.getAttribute("action"), ...own.map((each) => each.outerHTML)].join();
}

/**
 * The form that stands where this one stood. A text isn't sent in another one's place: it may have been changed or given up there since.
 * @param {HTMLFormElement} form
 */
function heirOf(form) {
  if (form.querySelector("textarea, [type=checkbox], [type=radio], [type=file]")) return null;
  return [...document.forms].find((each) => signOf(each) === signOf(form)) ?? null;
}

/** @param {Field} field */
function isChanged(field) {
  // By its token the server knows what has reached it after all.
  if (!(field instanceof HTMLSelectElement)) return field.name === "client_token" || (field.type !== "hidden" && field.value !== field.defaultValue);
  return field.value !== ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
}

/**
 * Choose in one form what was chosen in the other; false where that can't be chosen any more.
 * @param {HTMLFormElement} form
 * @param {HTMLFormElement} heir
 */
function carry(form, heir) {
  const chosen = /** @type {Field[]} */ ([...form.elements].filter((each) => each.matches("input, select") && isChanged(/** @type {Field} */ (each))));
  return chosen.every(({ name, value }) => {
    const field = heir.elements.namedItem(name);
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return false;
    field.value = value;
    return field.value === value;
  });
}

/**
 * Send it again, or the form in its place.
 * @param {Element} element
 * @param {HTMLElement | null} submitter
 * @returns {boolean} whether it's on its way
 */
function send(element, submitter) {
  if (element instanceof HTMLFormElement) return sendForm(element, submitter);
  if (element.isConnected && element instanceof HTMLElement) element.click();
  return element.isConnected;
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function sendForm(form, submitter) {
  if (form.isConnected) {
    form.requestSubmit(submitter);
    return true;
  }
  // A button that says more than "send" belongs to the form that's gone.
  const heir = submitter?.getAttribute("name") ? null : heirOf(form);
  if (!heir) return false;
  const isReady = carry(form, heir);
  if (isReady) heir.requestSubmit();
  else heir.reset();
  return isReady;
}

document.addEventListener("htmx:beforeRequest", (event) => standing.get(/** @type {CustomEvent} */ (event).detail.elt)?.abort());
document.addEventListener("htmx:sendError", (event) => {
  /** @type {{elt: Element, triggeringEvent?: Event}} */
  const { elt, triggeringEvent } = /** @type {CustomEvent} */ (event).detail.requestConfig;
  if (!elt.matches("form, a, button")) {
    say(words.offline ?? "");
    return;
  }
  const submitter = triggeringEvent instanceof SubmitEvent ? triggeringEvent.submitter : null;
  const name = nameOf(elt, submitter);
  const named = (/** @type {string | undefined} */ text) => (name ? `${name}: ${text}` : text ?? "");
  const act = () => send(elt, submitter) || say(named(words.unsent));
  const notice = new AbortController();
  standing.set(elt, notice);
  say(named(words.offline), notice.signal, { label: words.again, act });
});
