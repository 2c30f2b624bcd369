// Names the search boxes of choices after their labels: the library leaves them without a name.

function nameChoices() {
  for (const choice of document.querySelectorAll("select.admin-autocomplete[id]")) {
    const label = document.querySelector(`label[for="${CSS.escape(choice.id)}"]`)?.textContent.trim();
    const shown = choice.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]") ?? [];
    for (const part of label ? shown : []) {
      part.setAttribute("aria-label", label);
      part.removeAttribute("aria-labelledby");
    }
  }
}

nameChoices();
new MutationObserver(nameChoices).observe(document.body, { childList: true, subtree: true });
