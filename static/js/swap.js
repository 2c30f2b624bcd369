// Replaces one part of the page instead of loading the whole of it.
//   <a data-swap="#week" href="?week=…">             follow the link, replace #week, keep history
//   <form method="get" data-swap="#results">         the same with a form, sent or changed
//   <form data-live="#price" data-live-url="…" data-live-fields="duration people">
//                                                   show what a change of a field would give
// The server always answers a whole page, so links and forms work alike without this module.

let newest = 0;

const focusAgain = (id, target) => {
  const again = id && document.getElementById(id);
  if (again) return again.focus({ preventScroll: true });
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
};

const swap = async (url, selector, { keepsHistory, movesFocus }) => {
  const target = document.querySelector(selector);
  const ticket = ++newest;
  target.setAttribute("aria-busy", "true");
  const response = await fetch(url, { headers: { "X-Requested-With": "swap" } }).catch(() => null);
  if (ticket !== newest) return;
  const text = response?.ok ? await response.text() : "";
  const answer = new DOMParser().parseFromString(text, "text/html");
  const fresh = answer.querySelector(selector);
  if (!fresh) {
    target.removeAttribute("aria-busy");
    if (keepsHistory) location.assign(url);
    return;
  }
  const focused = target.contains(document.activeElement) ? document.activeElement.id : null;
  target.replaceWith(document.adoptNode(fresh));
  if (movesFocus || focused) focusAgain(focused, fresh);
  if (!keepsHistory) return;
  document.title = answer.title;
  history.pushState({ swap: true }, "", response.url);
};

const addressOf = (form, base) => {
  const url = new URL(base || form.action, location.href);
  const filled = [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && value && name !== "csrfmiddlewaretoken",
  );
  url.search = new URLSearchParams(filled);
  return url;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  swap(link.href, link.dataset.swap, { keepsHistory: true, movesFocus: true });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]")) return;
  event.preventDefault();
  swap(addressOf(form), form.dataset.swap, { keepsHistory: true, movesFocus: false });
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form) return;
  if (form.matches("[data-swap][data-swap-on-change]")) {
    swap(addressOf(form), form.dataset.swap, { keepsHistory: true, movesFocus: false });
  }
  // Only the named fields go into the address: what else people type stays out of every log.
  const named = form.dataset.liveFields?.split(" ") ?? [];
  if (form.dataset.live && named.includes(event.target.name)) {
    const url = new URL(form.dataset.liveUrl || location.pathname, location.href);
    for (const name of named) url.searchParams.set(name, form.elements[name].value);
    swap(url, form.dataset.live, { keepsHistory: false, movesFocus: false });
  }
});

addEventListener("popstate", () => location.reload());
