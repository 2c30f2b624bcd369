// Dialogs of the back office by keyboard: the library opens them and leaves the focus on the page behind.

const CONTENT = "modal-content";
const REACHABLE = "a[href], button, input:not([type=hidden]), select, textarea, [tabindex='0']";
let opener = null;
let wasShown = false;

const content = () => document.getElementById(CONTENT);
const isShown = () => Boolean(content()?.offsetParent ?? content()?.getClientRects().length);
const isHidden = () => !isShown();
const reachable = () => [...content().querySelectorAll(REACHABLE)].filter((one) => one.getClientRects().length);

// The library shows and hides a dialog in its own time, which on a busy machine is not always the same.
function once(isSo, act, looks = 40) {
  if (looks) setTimeout(() => (isSo() ? act() : once(isSo, act, looks - 1)), 50);
}

function describe(dialog) {
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("aria-modal", "true");
  const title = dialog.querySelector("h1");
  if (!title) return;
  title.id = "modal-title";
  dialog.setAttribute("aria-labelledby", title.id);
}

function focusFirst() {
  wasShown = true;
  const field = content().querySelector("#dialog-form :is(input:not([type=hidden]), select, textarea)");
  (field ?? reachable()[0])?.focus();
}

function giveBack() {
  if (!wasShown) return;
  wasShown = false;
  opener?.focus();
}

function stayInside(event) {
  const parts = reachable();
  const [first, last] = [parts[0], parts[parts.length - 1]];
  const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaves && content().contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === CONTENT) opener = document.activeElement;
});
document.addEventListener("htmx:afterSettle", () => {
  if (!content()?.querySelector("#dialog")) return;
  describe(content());
  once(isShown, focusFirst);
});
document.addEventListener("keydown", (event) => {
  if (!isShown()) return;
  if (event.key === "Tab") stayInside(event);
  if (event.key === "Escape") once(isHidden, giveBack);
});
document.addEventListener("click", () => once(isHidden, giveBack));
