/**
 * What lies over the page: notices, dialogs and menus; and what htmx should do with an answer that is a whole page.
 */

const SHOWN_FOR = 8000;
// What offers something to do leaves more time for it.
const LONGER = 20_000;
const words = document.getElementById("tms-texts")?.dataset ?? {};

/* ---- Notices ---- */

/**
 * Show a notice. Problems stay until they are dismissed, good news leaves by itself.
 * @param {string} text
 * @param {"success" | "info" | "warning" | "error"} kind
 * @param {{label: string | undefined, act: () => void} | null} [remedy] what a button in it does
 * @param {AbortSignal} [signal] takes it away
 */
function notify(text, kind, remedy = null, signal = undefined) {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("tms-toast"));
  const toast = template?.content.firstElementChild?.cloneNode(true);
  const region = document.getElementById(kind === "error" || kind === "warning" ? "messages-alert" : "messages-status");
  if (!(toast instanceof HTMLElement) || !region) return;
  toast.className = `alert alert-${kind}`;
  const body = toast.querySelector("div");
  if (body) body.textContent = text;
  if (remedy) body?.after(buttonFor(remedy, toast));
  region.append(toast);
  signal?.addEventListener("abort", () => toast.remove());
}

/**
 * @param {{label: string | undefined, act: () => void}} remedy
 * @param {HTMLElement} toast
 */
function buttonFor({ label, act }, toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = label ?? "";
  button.addEventListener("click", () => {
    toast.remove();
    act();
  });
  return button;
}

/**
 * Let a notice leave after a while, but not while somebody is reading it.
 * @param {Element} toast
 */
function leaveLater(toast) {
  let timer = 0;
  const stop = () => window.clearTimeout(timer);
  const start = () => {
    // The pointer and the focus leave one after the other, and the one that leaves last counts.
    stop();
    if (toast.matches(":hover") || toast.contains(document.activeElement)) return;
    timer = window.setTimeout(() => toast.remove(), toast.querySelector("form") ? LONGER : SHOWN_FOR);
  };
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

const statusRegion = document.getElementById("messages-status");
const alertRegion = document.getElementById("messages-alert");
if (statusRegion) {
  statusRegion.querySelectorAll(".alert").forEach(leaveLater);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) if (node instanceof Element) leaveLater(node);
  }).observe(statusRegion, { childList: true });
}
// Screen readers announce what enters a live region, not what stood in it from the start.
for (const region of [statusRegion, alertRegion]) {
  const waiting = region ? [...region.children] : [];
  if (waiting.length) window.setTimeout(() => region?.append(...waiting), 150);
}

const toasts = document.querySelector(".toasts");

/** Notices never cover what has the focus: they go to the foot of the window while it's below them. */
function makeWay() {
  const focused = document.activeElement;
  if (!toasts?.querySelector(".alert") || !focused || focused === document.body || toasts.contains(focused)) return;
  toasts.classList.remove("is-low");
  const [theirs, its] = [toasts, focused].map((each) => each.getBoundingClientRect());
  const meet = theirs.left < its.right && its.left < theirs.right && theirs.top < its.bottom && its.top < theirs.bottom;
  toasts.classList.toggle("is-low", meet && !focused.matches("main"));
}

if (toasts) {
  new MutationObserver(makeWay).observe(toasts, { childList: true, subtree: true });
  document.addEventListener("focusin", makeWay);
  document.addEventListener("scrollend", makeWay);
}

document.addEventListener("tms:notify", (event) => {
  const { text, kind, remedy, signal } = /** @type {CustomEvent} */ (event).detail;
  notify(text, kind, remedy, signal);
});

/* ---- Dialogs and menus ---- */

/** @param {Element} target */
function openDialog(target) {
  const opener = target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.getAttribute("data-dialog") ?? "");
  if (!(dialog instanceof HTMLDialogElement)) return false;
  /** @type {HTMLElement | null} */ (opener.closest("[popover]"))?.hidePopover();
  dialog.showModal();
  return true;
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (plain && openDialog(target)) event.preventDefault();
  target.closest("[data-close]")?.closest("dialog")?.close();
  target.closest("[data-dismiss]")?.closest(".alert")?.remove();
  // A click beside a dialog or an open menu closes it.
  if (target instanceof HTMLDialogElement && isOutside(target, event)) target.close();
  closeMenus(target.closest("details.dropdown"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.dropdown[open]");
  closeMenus(null);
  if (open?.contains(document.activeElement)) open.querySelector("summary")?.focus();
});

/** @param {Element | null} except */
function closeMenus(except) {
  document.querySelectorAll("details.dropdown[open]").forEach((menu) => menu !== except && menu.removeAttribute("open"));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {MouseEvent} event
 */
function isOutside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return !inside && (event.clientX !== 0 || event.clientY !== 0);
}

/* ---- htmx: answers that are whole pages ---- */

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  const text = String(detail.serverResponse ?? "");
  if (detail.target === document.body || !/^\s*(<!--.*?-->\s*)?<!doctype html/i.test(text)) return;
  detail.shouldSwap = false;
  const page = new DOMParser().parseFromString(text, "text/html");
  // An expired session answers with the log-in page: go there, and come back here.
  const login = page.body.dataset.login;
  if (login) {
    document.dispatchEvent(new CustomEvent("tms:interrupted"));
    window.location.assign(`${login}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
    return;
  }
  if (detail.xhr.status < 400) {
    window.location.assign(detail.xhr.responseURL);
    return;
  }
  const reason = page.querySelector("[data-reason]");
  // What's typed is kept in the tab (drafts.js).
  const remedy = reason?.hasAttribute("data-reload") ? { label: words.reload, act: () => window.location.reload() } : null;
  notify(reason?.textContent?.trim() || words.failed || page.title, "error", remedy);
});
