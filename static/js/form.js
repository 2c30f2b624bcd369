// Forms: a form is sent once, and with data-validate a field is checked by the server when left.
// The server answers the same page; only the left field's message is taken from it.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.method === "get" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back by the browser's history shows the form ready again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

const showErrorOf = (field, control, answer) => {
  const slot = field.querySelector("[data-field-error]");
  const fresh = answer.getElementById(slot.id);
  slot.replaceChildren(...(fresh?.childNodes ?? []));
  const isInvalid = slot.childElementCount > 0;
  field.classList.toggle("field--invalid", isInvalid);
  if (isInvalid) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
};

document.addEventListener("focusout", async (event) => {
  const control = event.target;
  const form = control.form;
  const field = control.closest?.("[data-field]");
  if (!form?.dataset.validate || !field || !control.value) return;
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  const response = await fetch(form.dataset.validate, { method: "POST", body }).catch(() => null);
  if (!response?.ok) return;
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  showErrorOf(field, control, answer);
});
