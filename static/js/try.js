// "Try it now": calls the API from the page and shows status, headers and body.
// Without this module the form is sent to the page, which makes the same call.

const MOST_SHOWN = 64 * 1024;

const fieldsOf = (form) => [...new FormData(form)].filter(([, value]) => value !== "");

const queryOf = (form) =>
  new URLSearchParams(
    fieldsOf(form)
      .filter(([name]) => name.startsWith("query-"))
      .map(([name, value]) => [name.slice("query-".length), value]),
  );

// Text that is no JSON object is never sent for real by a form that promises a dry run.
const bodyOf = (form) => {
  const text = form.elements.body?.value;
  if (text === undefined) return undefined;
  if (!form.elements.dry_run?.checked) return text;
  const body = JSON.parse(text || "{}");
  if (body === null || typeof body !== "object" || Array.isArray(body)) throw new SyntaxError();
  return JSON.stringify({ ...body, dryRun: true });
};

const readable = (text, type) => {
  if (!type.startsWith("application/json") || !text) return text;
  return JSON.stringify(JSON.parse(text), null, 2);
};

const textOf = async (response) => {
  const type = response.headers.get("Content-Type") ?? "";
  if (/^(application\/json|text\/)/.test(type)) return readable(await response.text(), type);
  return `(${(await response.blob()).size} bytes)`;
};

const show = (form, { status, headers = "", text, ms }) => {
  const answer = document.getElementById(form.dataset.tryAnswer);
  const put = (name, value) => (answer.querySelector(`[data-try-${name}]`).textContent = value);
  put("status", status);
  put("ms", Math.round(ms));
  put("headers", headers);
  put("body", text.slice(0, MOST_SHOWN));
  answer.querySelector("[data-try-cut]").hidden = text.length <= MOST_SHOWN;
  answer.hidden = false;
  answer.scrollIntoView({ block: "nearest" });
};

const send = async (form) => {
  const { tryMethod: method, tryPath: path } = form.dataset;
  const body = bodyOf(form);
  const headers = new Headers(body ? { "Content-Type": "application/json" } : {});
  const token = form.elements.token?.value.trim();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const query = queryOf(form).toString();
  const started = performance.now();
  const response = await fetch(query ? `${path}?${query}` : path, {
    method,
    headers,
    body: body || undefined,
    credentials: "omit",
    cache: "no-store",
  });
  const text = await textOf(response);
  show(form, {
    status: `${response.status} ${response.statusText}`,
    headers: [...response.headers].map((pair) => pair.join(": ")).join("\n"),
    text,
    ms: performance.now() - started,
  });
};

for (const form of document.querySelectorAll("[data-try]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    button?.setAttribute("aria-busy", "true");
    try {
      await send(form);
    } catch (error) {
      const text = error instanceof SyntaxError ? form.dataset.tryNotJson : form.dataset.tryFailed;
      show(form, { status: "–", text, ms: 0 });
    }
    button?.removeAttribute("aria-busy");
  });
}

// A token typed once serves the other forms of the page; it stays in the page's memory.
document.addEventListener("change", (event) => {
  if (event.target.name !== "token" || !event.target.form?.matches("[data-try]")) return;
  for (const form of document.querySelectorAll("[data-try]")) {
    if (form.elements.token && !form.elements.token.value) form.elements.token.value = event.target.value;
  }
});
