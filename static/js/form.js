// Forms: a form is sent once, and with data-validate a field is checked by the server when left.
// The server answers the messages that belong below that field, and stays the judge of the whole form.

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

const show = (messages, field, control) => {
  const slot = field.querySelector("[data-field-error]");
  slot.replaceChildren(...new DOMParser().parseFromString(messages, "text/html").body.childNodes);
  const isInvalid = slot.childElementCount > 0;
  field.classList.toggle("field--invalid", isInvalid);
  if (isInvalid) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
};

// A field that was never filled in is left alone: nobody is told off for passing by.
const isDue = (control, field) =>
  control.value !== control.defaultValue || field.classList.contains("field--invalid");

document.addEventListener("focusout", async (event) => {
  const control = event.target;
  const form = control.form;
  const field = control.closest?.("[data-field]");
  if (!form?.dataset.validate || !field || !isDue(control, field)) return;
  if (["checkbox", "password"].includes(control.type)) return;
  const typed = control.value;
  const body = new FormData(form);
  for (const secret of form.querySelectorAll("[type=password]")) body.delete(secret.name);
  body.set("checked", control.name);
  const response = await fetch(form.dataset.validate, { method: "POST", body }).catch(() => null);
  if (response?.ok && control.value === typed) show(await response.text(), field, control);
});
