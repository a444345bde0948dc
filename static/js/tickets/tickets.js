/**
 * The ticket pages: dialogs that the server sends, and the rail that keeps up with a list filtered in place.
 */

// The question before a comment is deleted comes as a dialog; without script the link leads to a page.
document.addEventListener("htmx:afterSettle", (event) => {
  const { target } = /** @type {CustomEvent} */ (event).detail;
  if (target?.id !== "dialog-slot") return;
  const dialog = target.querySelector("dialog");
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
});

/**
 * The filters of an address, without what only changes their order.
 * @param {URL} address
 */
function filtersOf(address) {
  const pairs = [...address.searchParams].filter(([name, value]) => value && name !== "sort" && name !== "page");
  return address.pathname + pairs.map(([name, value]) => `&${name}=${value}`).sort().join("");
}

function markCurrentView() {
  const here = filtersOf(new URL(window.location.href));
  document.querySelectorAll("#rail .rail-link").forEach((link) => {
    if (!(link instanceof HTMLAnchorElement) || !link.querySelector(".rail-count")) return;
    if (filtersOf(new URL(link.href)) === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
}

document.addEventListener("htmx:pushedIntoHistory", markCurrentView);
