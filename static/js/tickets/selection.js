/**
 * Selected rows of a list: how many there are, all of a page at once, and that they stay selected when the list is filtered anew. Without
 * this script the rows' own boxes do.
 */

const results = () => document.getElementById("results");
const boxes = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("#results .row-pick [name=ticket]")]);
/** @type {Set<string>} */
let chosen = new Set();

/** Say how many are selected, and whether they're all. */
function show() {
  const all = boxes();
  const many = all.filter((box) => box.checked).length;
  const head = document.getElementById("pick-all");
  if (head instanceof HTMLInputElement) {
    head.checked = many > 0 && many === all.length;
    head.indeterminate = many > 0 && many < all.length;
  }
  const place = document.getElementById("bulk-count");
  const every = results()?.querySelector("[name=all]:checked");
  if (place) place.textContent = many && !every ? (place.dataset.text ?? "").replace("{count}", String(many)) : "";
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.closest(".row-pick, .bulk-all")) return;
  if (box.id === "pick-all") boxes().forEach((each) => (each.checked = box.checked));
  show();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.target?.id !== "results") return;
  chosen = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.target?.id !== "results" || !chosen.size) return;
  const kept = boxes().filter((box) => chosen.has(box.value));
  kept.forEach((box) => (box.checked = true));
  show();
  const lost = chosen.size - kept.length;
  chosen = new Set();
  if (!lost) return;
  const words = document.querySelector("[data-lost]");
  const text = words instanceof HTMLElement ? words.dataset.lost : "";
  if (text) document.dispatchEvent(new CustomEvent("tms:notify", { detail: { text: text.replace("{count}", String(lost)), kind: "info" } }));
});

// What a browser restores with the Back button.
window.addEventListener("pageshow", show);
