/**
 * Forms: the busy state, instant feedback in the server's words, character counters and the error summary.
 * Without this script every form still works; the server checks the same rules.
 */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

const words = /** @type {HTMLTemplateElement | null} */ (document.getElementById("tms-texts"))?.dataset ?? {};

/**
 * Fill the {names} of a text.
 * @param {string | undefined} text
 * @param {Record<string, string | number>} values
 */
const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));

/**
 * How long a value is for the server: code points, not UTF-16 units, with browsers' line ends.
 * @param {string} value
 */
const lengthOf = (value) => [...value].length;

/**
 * The limit of a field: data-counter, so that text pasted beyond it isn't cut off silently.
 * @param {Field} field
 */
const limitOf = (field) => Number(field.dataset.counter ?? 0);

/**
 * What a required field that is empty is told; where files go along, that they aren't enough.
 * @param {Field} field
 */
function requiredOf(field) {
  const files = field.form?.querySelector("input[type=file]");
  const alone = files instanceof HTMLInputElement && files.files?.length ? field.dataset.errorWithFiles : "";
  return alone || (field.dataset.errorRequired ?? words.required ?? field.validationMessage);
}

/**
 * Say what is wrong with a field, in the words that the server would use; empty when all is well.
 * @param {Field} field
 * @returns {string}
 */
function problemOf(field) {
  const limit = limitOf(field);
  const length = lengthOf(field.value);
  if (limit && length > limit) {
    return fill(field.dataset.errorTooLong ?? words.tooLong, { limit, length });
  }
  if (field.required && field.type !== "checkbox" && field.type !== "radio" && !field.value.trim()) {
    return requiredOf(field);
  }
  if (field.validity.valid) return "";
  if (field.validity.valueMissing) return requiredOf(field);
  if (field.validity.typeMismatch && field.type === "email") return field.dataset.errorEmail ?? words.email ?? field.validationMessage;
  return field.validationMessage;
}

/**
 * The id of the message at a field; Django uses the same, so server and browser never show two.
 * @param {Field} field
 */
const errorId = (field) => `${field.id}_error`;

/**
 * Show or clear the message at a field.
 * @param {Field} field
 * @param {string} problem
 */
function showProblem(field, problem) {
  const id = errorId(field);
  let box = document.getElementById(id);
  const described = (field.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((each) => each && each !== id);
  field.classList.toggle("is-invalid", Boolean(problem));
  if (!problem) {
    box?.remove();
    field.removeAttribute("aria-invalid");
  } else {
    if (!box) {
      box = document.createElement("div");
      box.id = id;
      box.className = "invalid-feedback";
      (field.closest(".input-group") ?? field).after(box);
    }
    const line = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = problem;
    line.append(strong);
    box.replaceChildren(line);
    field.setAttribute("aria-invalid", "true");
    described.push(id);
  }
  if (described.length) field.setAttribute("aria-describedby", described.join(" "));
  else field.removeAttribute("aria-describedby");
}

/**
 * The fields of a form that people fill in.
 * @param {HTMLFormElement} form
 * @returns {Field[]}
 */
function fieldsOf(form) {
  return /** @type {Field[]} */ (
    [...form.elements].filter((each) => each.matches("input:not([type=hidden]), textarea, select") && !each.matches(":disabled"))
  );
}

/**
 * The words of a field's label, without the star of a required field.
 * @param {Field} field
 */
function labelOf(field) {
  const label = field.labels?.[0]?.cloneNode(true);
  if (!(label instanceof HTMLElement)) return "";
  label.querySelectorAll(".asteriskField, .visually-hidden").forEach((each) => each.remove());
  return (label.textContent ?? "").trim();
}

/**
 * Put the error summary of a form first and give it the focus.
 * @param {HTMLFormElement} form
 * @param {{field: Field, problem: string}[]} problems
 */
function showSummary(form, problems) {
  document.querySelectorAll("[data-error-summary]").forEach((each) => each.remove());
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("tms-error-summary"));
  const summary = /** @type {HTMLElement | undefined} */ (template?.content.firstElementChild?.cloneNode(true));
  if (!summary) return;
  const list = document.createElement("ul");
  for (const { field, problem } of problems) {
    const link = document.createElement("a");
    link.href = `#${field.id}`;
    link.textContent = labelOf(field) ? `${labelOf(field)}: ${problem}` : problem;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  summary.append(list);
  (form.querySelector(".card-body") ?? form).prepend(summary);
  summary.focus();
  const prefix = words.errorPrefix;
  if (prefix && !document.title.startsWith(prefix)) document.title = `${prefix} ${document.title}`;
}

/**
 * Check a whole form; true when it may be sent.
 * @param {HTMLFormElement} form
 */
function check(form) {
  const problems = fieldsOf(form)
    .map((field) => ({ field, problem: problemOf(field) }))
    .filter(({ field, problem }) => {
      showProblem(field, problem);
      return problem;
    });
  if (problems.length) showSummary(form, problems);
  return !problems.length;
}

/**
 * Let the texts of a form stand still while htmx sends it: the answer puts another form in its place, and what was typed meanwhile would be
 * gone with this one. A form that a page follows stays as it is: the browser's button that stops loading tells nobody.
 * @param {HTMLFormElement} form
 * @param {boolean} busy
 */
function hold(form, busy) {
  if (busy && !form.hasAttribute("hx-post")) return;
  form.querySelectorAll(busy ? ":is(input, textarea):read-write" : "[data-held]").forEach((field) => {
    field.toggleAttribute("readonly", busy);
    field.toggleAttribute("data-held", busy);
  });
}

/**
 * Mark a form as being sent, or as ready again.
 * @param {HTMLFormElement} form
 * @param {boolean} busy
 * @param {HTMLElement | null} [button]
 */
function setBusy(form, busy, button = null) {
  form.toggleAttribute("data-busy", busy);
  if (busy) form.setAttribute("aria-busy", "true");
  else form.removeAttribute("aria-busy");
  hold(form, busy);
  const buttons = busy ? [button ?? form.querySelector("button:not([type=button]), [type=submit]")] : form.querySelectorAll(".is-busy");
  buttons.forEach((each) => {
    each?.classList.toggle("is-busy", busy);
    if (busy) each?.setAttribute("aria-disabled", "true");
    else each?.removeAttribute("aria-disabled");
  });
}

/**
 * Keep the counter below a field true.
 * @param {Field} field
 */
function count(field) {
  const limit = limitOf(field);
  if (!limit) return;
  const id = `${field.id}_counter`;
  const left = limit - lengthOf(field.value);
  let counter = document.getElementById(id);
  // A counter far from its limit is noise, and so is one for a number.
  if (field.inputMode === "numeric" || left > Math.max(20, limit * 0.2)) {
    counter?.remove();
    return;
  }
  if (!counter) {
    counter = document.createElement("div");
    counter.id = id;
    counter.className = "counter";
    counter.setAttribute("aria-live", "polite");
    field.after(counter);
  }
  counter.classList.toggle("is-over", left < 0);
  counter.textContent = fill(left < 0 ? words.over : words.left, { count: Math.abs(left).toLocaleString() });
}

/**
 * Prepare what has come into the page: the root itself too, when htmx has put a form in another's place.
 * @param {Document | HTMLElement} root
 */
function prepare(root) {
  if (root instanceof HTMLFormElement) root.toggleAttribute("novalidate", root.hasAttribute("data-validate"));
  root.querySelectorAll("form[data-validate]").forEach((form) => form.setAttribute("novalidate", ""));
  root.querySelectorAll("[data-counter]").forEach((field) => count(/** @type {Field} */ (field)));
  const summary = root.querySelector("[data-error-summary]");
  if (summary instanceof HTMLElement) summary.focus();
}

// Capturing, so that it runs before htmx sees the event.
document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method === "dialog") return;
    const { submitter } = /** @type {SubmitEvent} */ (event);
    const unchecked = submitter instanceof HTMLButtonElement && submitter.formNoValidate;
    const stop = form.hasAttribute("data-busy") || (form.hasAttribute("data-validate") && !unchecked && !check(form));
    if (stop) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.method === "post") setBusy(form, true, submitter);
  },
  true,
);

document.addEventListener("input", (event) => {
  const field = /** @type {Field} */ (event.target);
  if (!field.matches?.("input, textarea, select")) return;
  count(field);
  if (field.form?.hasAttribute("data-validate") && field.classList.contains("is-invalid")) showProblem(field, problemOf(field));
});

let pressed = false;
document.addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (pressed = false), true);

/**
 * Do something that moves the page, but not between the press and the release of a click: its button would move away from under it.
 * @param {() => void} action
 */
function whenReleased(action) {
  if (!pressed) {
    action();
    return;
  }
  const done = new AbortController();
  const later = () => {
    done.abort();
    window.setTimeout(action);
  };
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, later, { signal: done.signal });
}

document.addEventListener("focusout", (event) => {
  const field = /** @type {Field} */ (event.target);
  // An empty field that somebody only passes through isn't wrong yet.
  if (!field.form?.hasAttribute("data-validate") || (!field.value && !field.classList.contains("is-invalid"))) return;
  whenReleased(() => showProblem(field, problemOf(field)));
});

// A link of the summary leads into the field, not only to it.
document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest?.("[data-error-summary] a");
  const field = link && document.getElementById((link.getAttribute("href") ?? "").slice(1));
  if (!field) return;
  event.preventDefault();
  const inner = field.matches("input, textarea, select") ? field : field.querySelector("input, textarea, select");
  field.scrollIntoView({ block: "center" });
  /** @type {HTMLElement} */ (inner ?? field).focus();
});

/**
 * A link to a form leads into its text, as its key does; false where there is none.
 * @param {string} hash
 */
function enter(hash) {
  const form = document.getElementById(hash.slice(1));
  const text = form instanceof HTMLFormElement && form.querySelector("textarea");
  if (!text) return false;
  text.focus();
  text.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest?.('a[href^="#"]');
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (isPlain && link instanceof HTMLAnchorElement && enter(link.hash)) event.preventDefault();
});
// Where the link stood on another page. An error summary has the focus already.
window.addEventListener("load", () => document.activeElement === document.body && enter(window.location.hash));

// Coming back with the Back button, the page may be restored as it was left: busy.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach((form) => setBusy(/** @type {HTMLFormElement} */ (form), false)));
document.addEventListener("htmx:afterRequest", (event) => {
  // The event's target is an ancestor when the answer has replaced the form; the request remembers who sent it.
  const form = /** @type {CustomEvent} */ (event).detail.requestConfig.elt.closest("form");
  if (form) setBusy(form, false);
});
document.addEventListener("htmx:load", (event) => prepare(/** @type {HTMLElement} */ (event.target)));

prepare(document);
