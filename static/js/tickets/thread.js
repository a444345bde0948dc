/**
 * A ticket's timeline: an entry's address opens the part of it where the entry stands.
 */

const ANCHOR = /^#((?:comment|event)-\d+)$/;

/** @param {Element} entry */
function mark(entry) {
  document.querySelectorAll("#thread > .is-marked").forEach((each) => each.classList.remove("is-marked"));
  entry.classList.add("is-marked");
}

// An address without ?at=… was given away when the entry still stood on the first page.
function openAsked() {
  const asked = ANCHOR.exec(window.location.hash)?.[1];
  if (!asked || !document.getElementById("thread") || document.getElementById(asked)) return;
  const address = new URL(window.location.href);
  if (address.searchParams.get("at") === asked) return;
  address.search = `?at=${asked}`;
  window.location.replace(address);
}

openAsked();
window.addEventListener("hashchange", openAsked);

// The entry is on the page already: its address is put into the bar without loading anything, and nothing that was typed is lost.
document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest?.("#thread a.comment-time");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const entry = link?.closest("li");
  if (!(link instanceof HTMLAnchorElement) || !entry || !plain) return;
  event.preventDefault();
  window.history.replaceState(window.history.state, "", link.href);
  mark(entry);
});
