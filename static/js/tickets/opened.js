/**
 * The form for a new ticket, sent, and come back to. Its name goes into the address when it's sent: a browser that goes back asks the server
 * anew, which tells by it what the form has become. A browser that kept the page itself asks here.
 */

/** @param {HTMLFormElement} form */
function addressOf(form) {
  const address = new URL(window.location.href);
  address.searchParams.set("form", String(new FormData(form).get("client_token")));
  return address.href;
}

/**
 * Say above the form which ticket it has become, if it has.
 * @param {HTMLFormElement} form
 */
async function tell(form) {
  try {
    const response = await fetch(addressOf(form), { redirect: "error" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const said = page.querySelector("#opened .alert");
    if (response.ok && said) form.querySelector("#opened")?.replaceChildren(said);
  } catch {
    // The server says it when the form is sent.
  }
}

/** @param {EventTarget | null} target */
const formOf = (target) => (target instanceof HTMLFormElement && target.hasAttribute("data-names-itself") ? target : null);

document.addEventListener("submit", (event) => {
  const form = formOf(event.target);
  const { submitter } = /** @type {SubmitEvent} */ (event);
  if (!form || event.defaultPrevented || submitter?.hasAttribute("formaction")) return;
  window.history.replaceState(window.history.state, "", addressOf(form));
});
document.addEventListener("tms:sent-already", (event) => {
  const form = formOf(event.target);
  if (form) tell(form);
});
window.addEventListener("pageshow", ({ persisted }) => {
  const form = formOf(document.querySelector("form[data-names-itself]"));
  if (persisted && form) tell(form);
});
