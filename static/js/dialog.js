// Opens a dialog as a modal; without this module the same link shows it by its address.

const open = (opener, event) => {
  const dialog = document.getElementById(opener.dataset.dialogOpen);
  if (!dialog?.showModal) return;
  event.preventDefault();
  dialog.showModal();
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) return open(opener, event);

  const dialog = event.target.closest("dialog[data-dialog][open]");
  if (!dialog) return;
  const isBackdrop = event.target === dialog;
  if (!isBackdrop && !event.target.closest("[data-dialog-close]")) return;
  event.preventDefault();
  dialog.close();
});

// A link that acts as a button answers the space bar as one.
document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.matches("a[data-dialog-open]")) open(event.target, event);
});

for (const opener of document.querySelectorAll("a[data-dialog-open]")) {
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-haspopup", "dialog");
}
