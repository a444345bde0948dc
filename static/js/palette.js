/**
 * The palette (Ctrl-K): actions of the page, views, tickets and people, in one list that the keyboard drives. Loaded when somebody asks
 * for it. Actions and views are read from the page, so that they're always those that one may use; the rest the server finds.
 */

const WAIT = 120;
const ACTIONS_SHOWN = 6;

/** @typedef {{label: string, element: HTMLElement}} Action */

/** @type {HTMLDialogElement | null} */
let dialog = null;
/** @type {Promise<HTMLDialogElement | null> | null} */
let making = null;
/** @type {Promise<unknown>} */
let found = Promise.resolve();
let request = new AbortController();
let timer = 0;

/** @param {string} text */
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** @param {HTMLElement} element */
function labelOf(element) {
  const copy = /** @type {HTMLElement} */ (element.cloneNode(true));
  copy.querySelectorAll(".rail-count, svg, kbd").forEach((each) => each.remove());
  return element.dataset.command ?? (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

/**
 * @param {string} selector
 * @returns {Action[]}
 */
function actionsOf(selector) {
  const elements = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
  const actions = elements.filter((each) => !each.closest("[hidden]")).map((element) => ({ element, label: labelOf(element) }));
  return actions.filter(({ label }, index) => label && actions.findIndex((each) => each.label === label) === index);
}

/**
 * @param {string} title
 * @param {Action[]} actions
 * @param {string[]} words
 */
function groupOf(title, actions, words) {
  const fitting = actions.filter(({ label }) => words.every((word) => fold(label).includes(word)));
  if (!fitting.length) return [];
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", title);
  const head = document.createElement("div");
  head.className = "palette-title";
  head.setAttribute("role", "presentation");
  head.textContent = title;
  group.append(head, ...fitting.slice(0, words.length ? ACTIONS_SHOWN : undefined).map(optionOf));
  return [group];
}

let made = 0;

/** @param {Action} action */
function optionOf({ label, element }) {
  const link = element instanceof HTMLAnchorElement;
  const option = document.createElement(link ? "a" : "div");
  if (option instanceof HTMLAnchorElement) {
    option.href = /** @type {HTMLAnchorElement} */ (element).href;
    option.tabIndex = -1;
  }
  option.id = `palette-action-${(made += 1)}`;
  option.className = "palette-option";
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const text = document.createElement("span");
  text.className = "palette-text";
  text.textContent = label;
  option.append(text);
  const icon = element.querySelector("svg")?.cloneNode(true);
  if (icon) option.prepend(icon);
  const key = element.dataset.shortcut;
  if (key) option.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  // Links are links here too, unless they do something else than lead away.
  if (!link || element.hasAttribute("data-dialog")) {
    option.addEventListener("click", (event) => {
      event.preventDefault();
      dialog?.close();
      document.dispatchEvent(new CustomEvent("tms:activate", { detail: element }));
    });
  }
  return option;
}

/** @param {HTMLDialogElement} dialog */
const parts = (dialog) => ({
  field: /** @type {HTMLInputElement} */ (dialog.querySelector("[role=combobox]")),
  list: /** @type {HTMLElement} */ (dialog.querySelector("[role=listbox]")),
  status: /** @type {HTMLElement} */ (dialog.querySelector("[role=status]")),
  options: /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll("[role=option]")]),
});

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement | undefined} option
 */
function choose(dialog, option) {
  const { field, options } = parts(dialog);
  options.forEach((each) => each.setAttribute("aria-selected", String(each === option)));
  if (!option) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLDialogElement} dialog */
const chosen = (dialog) => parts(dialog).options.find((each) => each.getAttribute("aria-selected") === "true");

/**
 * Show what fits, the page's own first; the chosen option stays chosen where it's still there.
 * @param {HTMLDialogElement} dialog
 * @param {Element[]} fromServer
 */
function show(dialog, fromServer) {
  const { field, list, status } = parts(dialog);
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const onPage = actionsOf("main .page-actions :is(a:not(.jump), button), main [data-command]");
  const elsewhere = [".topbar a[data-shortcut]", ".rail .rail-link", "#user-menu :is(a, button):not([data-palette])"].flatMap(actionsOf);
  list.replaceChildren(...groupOf(dialog.dataset.page ?? "", onPage, words), ...groupOf(dialog.dataset.go ?? "", elsewhere, words), ...fromServer);
  const { options } = parts(dialog);
  choose(dialog, options[0]);
  // The way to the whole search is none of what was found.
  const found = options.filter((option) => option.id !== "palette-search").length;
  const text = found === 1 ? dialog.dataset.one : dialog.dataset.many;
  status.textContent = (text ?? "").replace("{count}", String(found));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} address
 */
async function find(dialog, address) {
  const { field } = parts(dialog);
  request.abort();
  request = new AbortController();
  const { signal } = request;
  if (!field.value.trim()) {
    show(dialog, []);
    return;
  }
  try {
    const answer = await fetch(`${address}?q=${encodeURIComponent(field.value)}`, { signal });
    // A session that has ended answers with the log-in page: the server says it best.
    if (answer.redirected) window.location.reload();
    const page = new DOMParser().parseFromString(answer.ok && !answer.redirected ? await answer.text() : "", "text/html");
    show(dialog, [...page.body.children]);
  } catch {
    if (!signal.aborted) show(dialog, []);
  }
}

/** @param {HTMLDialogElement} dialog */
function step(dialog, by = 1) {
  const { options } = parts(dialog);
  const at = options.findIndex((each) => each === chosen(dialog));
  choose(dialog, options[(at + by + options.length) % options.length]);
}

/**
 * @param {string} address
 * @returns {Promise<HTMLDialogElement | null>}
 */
async function make(address) {
  const answer = await fetch(address);
  if (answer.redirected) window.location.reload();
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = page.querySelector("dialog");
  if (!made) return null;
  document.body.append(made);
  const { field, list } = parts(made);
  field.addEventListener("input", () => {
    window.clearTimeout(timer);
    found = new Promise((done) => {
      timer = window.setTimeout(() => done(find(made, address)), WAIT);
    });
  });
  field.addEventListener("keydown", async (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(made, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const init = { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey };
      // Who types quickly means what they typed, not what was found for its beginning.
      await found;
      chosen(made)?.dispatchEvent(new MouseEvent("click", init));
    }
  });
  list.addEventListener("pointermove", (event) => {
    const option = /** @type {Element} */ (event.target).closest("[role=option]");
    if (option instanceof HTMLElement && option !== chosen(made)) choose(made, option);
  });
  return made;
}

/**
 * Open the palette with what was typed while it was loaded.
 * @param {string} address where its dialog and what it finds come from
 * @param {() => string} typed
 */
export async function open(address, typed) {
  making ??= make(address).catch(() => null);
  dialog = await making;
  if (!dialog) {
    making = null;
    throw new Error("The palette could not be loaded");
  }
  if (dialog.open) return;
  const { field } = parts(dialog);
  field.value = typed();
  show(dialog, []);
  dialog.showModal();
  if (field.value) field.dispatchEvent(new Event("input"));
}
