// Sets the paper before the first paint, so that nothing flashes; loaded in the head, not as a module.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  const show = () => {
    const choice = stored();
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
  };
  const current = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");
  const announce = () => root.dispatchEvent(new CustomEvent("themechange", { bubbles: true, detail: current() }));

  root.classList.add("js");
  show();
  dark.addEventListener("change", announce);
  addEventListener("storage", (event) => {
    if (event.key !== "theme") return;
    show();
    announce();
  });
  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-switch]");
    if (!button) return;
    button.hidden = false;
    const name = () => button.setAttribute("aria-label", current() === "dark" ? "Light paper" : "Dark paper");
    name();
    button.addEventListener("click", () => {
      const next = current() === "dark" ? "light" : "dark";
      try {
        if ((dark.matches ? "dark" : "light") === next) localStorage.removeItem("theme");
        else localStorage.setItem("theme", next);
      } catch {
        // a reader who refuses storage still gets the paper they ask for, for this page
      }
      show();
      if (stored() === null && current() !== next) root.dataset.theme = next;
      name();
      announce();
    });
    dark.addEventListener("change", name);
  });
})();
