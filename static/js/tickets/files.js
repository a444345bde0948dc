/**
 * Files in a form with data-files: dropped, pasted or chosen in several goes, checked before anything is sent, shown as chips, with the
 * progress of their way. They stay in the form's own field and go with its one POST; without this script that field works by itself.
 */

const words = document.getElementById("tms-texts")?.dataset ?? {};
const UNITS = ["bytes", "KB", "MB", "GB"];

/** What each field holds: a browser forgets it when somebody chooses anew. @type {WeakMap<HTMLInputElement, File[]>} */
const held = new WeakMap();
/** What a form held when the server sent it back. @type {File[]} */
let returned = [];

/** @param {string | undefined} text @param {Record<string, string | number>} values */
const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));

/** @param {Element | Document | null} root @returns {HTMLInputElement | null} */
const inputOf = (root) => root?.querySelector("form[data-files] input[type=file]") ?? null;

/** @param {HTMLInputElement} input @param {string} name */
const part = (input, name) => /** @type {HTMLElement | null} */ (input.closest("[data-files-field]")?.querySelector(`[data-files-${name}]`) ?? null);

/** @param {number} bytes */
function sizeOf(bytes) {
  const unit = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${unit ? (bytes / 1024 ** unit).toFixed(1).replace(".0", "") : bytes} ${UNITS[unit]}`;
}

/** @param {File} file */
const keyOf = (file) => `${file.name}/${file.size}/${file.lastModified}`;

/**
 * Say why a file isn't taken, as the server would; empty when it is.
 * @param {HTMLInputElement} input
 * @param {File} file
 */
function problemOf(input, file) {
  const ending = file.name.includes(".") ? `.${file.name.split(".").pop()?.toLowerCase()}` : "";
  if (!input.accept.split(",").includes(ending)) return fill(ending ? words.fileKind : words.fileNameless, { name: file.name, ending });
  if (!file.size) return fill(words.fileEmpty, { name: file.name });
  const limit = Number(input.dataset.maxFile);
  return file.size > limit ? fill(words.fileLarge, { name: file.name, limit: sizeOf(limit) }) : "";
}

/**
 * Take files to those that the field holds already, and say which aren't taken.
 * @param {HTMLInputElement} input
 * @param {File[]} files
 */
function add(input, files) {
  const kept = held.get(input) ?? [];
  const known = new Set(kept.map(keyOf));
  const problems = [];
  for (const file of files.filter((each) => !known.has(keyOf(each)))) {
    const problem = problemOf(input, file);
    if (problem) problems.push(problem);
    else kept.push(file);
  }
  const total = kept.reduce((sum, file) => sum + file.size, 0);
  const limit = Number(input.dataset.maxTotal);
  if (total > limit) problems.push(fill(words.filesTotal, { size: sizeOf(total), limit: sizeOf(limit) }));
  if (kept.length > Number(input.dataset.most)) problems.push(fill(words.filesMost, { count: input.dataset.most ?? "" }));
  hold(input, kept);
  say(input, problems);
}

/** @param {HTMLInputElement} input @param {string[]} problems */
function say(input, problems) {
  const box = part(input, "problem");
  if (!box) return;
  box.hidden = !problems.length;
  box.replaceChildren(
    ...problems.map((problem) => {
      const line = document.createElement("p");
      line.textContent = problem;
      return line;
    }),
  );
}

/** @param {HTMLInputElement} input @param {File[]} files */
function hold(input, files) {
  const transfer = new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
  input.files = transfer.files;
  held.set(input, files);
  show(input, files);
}

/** @param {HTMLInputElement} input @param {File[]} files */
function show(input, files) {
  const list = part(input, "list");
  const chip = /** @type {HTMLTemplateElement | null} */ (part(input, "chip"));
  if (!list || !chip) return;
  list.hidden = !files.length;
  list.replaceChildren(
    ...files.map((file) => {
      const item = /** @type {HTMLElement} */ (chip.content.firstElementChild?.cloneNode(true));
      const [name, size, remove] = ["name", "size", "remove"].map((each) => /** @type {HTMLElement} */ (item.querySelector(`[data-file-${each}]`)));
      name.textContent = file.name;
      size.textContent = sizeOf(file.size);
      remove.append(` ${file.name}`);
      remove.closest("button")?.addEventListener("click", () => {
        hold(input, files.filter((each) => each !== file));
        say(input, []);
        input.focus();
      });
      return item;
    }),
  );
}

/**
 * A pasted picture is always called "image.png".
 * @param {File} file
 */
function named(file) {
  if (file.name !== "image.png") return file;
  const moment = new Date().toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-");
  return new File([file], `${words.pastedName ?? "image"}-${moment}.png`, { type: file.type });
}

/** @param {DataTransfer | null} transfer */
const hasFiles = (transfer) => Boolean(transfer?.types.includes("Files"));

/** @param {boolean} on */
const mark = (on) => inputOf(document)?.form?.classList.toggle("is-dropping", on);

document.addEventListener("change", (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  if (input.matches?.("form[data-files] input[type=file]")) add(input, [...(input.files ?? [])]);
});
document.addEventListener("paste", (event) => {
  const input = inputOf(/** @type {Element} */ (event.target).closest?.("form[data-files]")?.parentElement ?? null);
  const files = [...(event.clipboardData?.files ?? [])];
  if (!input || !files.length) return;
  // What a text program puts into the clipboard is a text, and a picture of it besides.
  if (event.clipboardData?.types.includes("text/plain")) return;
  event.preventDefault();
  add(input, files.map(named));
});
// A file that's dropped beside the form would open in the form's place.
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event.dataTransfer) || !inputOf(document)) return;
  event.preventDefault();
  mark(true);
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) mark(false);
});
document.addEventListener("drop", (event) => {
  const input = inputOf(document);
  if (!hasFiles(event.dataTransfer) || !input) return;
  event.preventDefault();
  mark(false);
  add(input, [...(event.dataTransfer?.files ?? [])]);
  input.focus();
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const { elt, loaded, total, lengthComputable } = /** @type {CustomEvent} */ (event).detail;
  const input = /** @type {HTMLInputElement | null} */ (elt?.querySelector?.("input[type=file]"));
  const bar = input?.files?.length ? /** @type {HTMLProgressElement | null} */ (part(input, "progress")) : null;
  if (!bar) return;
  bar.hidden = false;
  if (lengthComputable) bar.value = loaded / total;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, isError, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  const input = target?.matches?.("form[data-files]") ? target.querySelector("input[type=file]") : null;
  // A form that comes back is the same one still; after its answer it's a new one.
  const isSame = isError || requestConfig?.elt.matches?.("[data-keeps-form]");
  returned = isSame && input ? (held.get(input) ?? []) : [];
});
document.addEventListener("htmx:load", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  const input = form.matches?.("form[data-files]") ? form.querySelector("input[type=file]") : null;
  if (!(input instanceof HTMLInputElement) || !returned.length) return;
  hold(input, returned);
  returned = [];
  part(input, "lost")?.remove();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt } = /** @type {CustomEvent} */ (event).detail;
  const input = elt?.querySelector?.("input[type=file]");
  const bar = input && part(input, "progress");
  if (bar) bar.hidden = true;
});
