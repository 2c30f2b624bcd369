// The menu under one's name (log out, devices, theme) by keyboard: the library opens it by a click alone.

for (const opener of document.querySelectorAll("#nav-sidebar [x-on\\:click*=openUserLinks]")) {
  opener.setAttribute("role", "button");
  opener.tabIndex = 0;
  const tell = () => opener.setAttribute("aria-expanded", String(opener.classList.contains("bg-base-100")));
  new MutationObserver(tell).observe(opener, { attributeFilter: ["class"] });
  tell();
  opener.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    opener.click();
  });
}
