// "Show as code": fetched when opened, and again when the knobs move while it is open.

import { json } from "./asking.js";

/** @param {HTMLDetailsElement} details @param {() => string} url */
export function code(details, url) {
  const panels = details.querySelector("[data-panels]");
  let shown = "";
  let tab = 0;

  async function refresh() {
    if (!details.open || shown === url()) return;
    shown = url();
    try {
      draw(await json(shown));
    } catch (problem) {
      panels.textContent = `${problem.error}. ${problem.why} ${problem.todo}`;
    }
  }

  function draw(made) {
    tab = Math.min(tab, made.length - 1);
    const bar = document.createElement("div");
    bar.className = "tabs";
    const text = document.createElement("pre");
    text.tabIndex = 0;
    const inner = text.appendChild(document.createElement("code"));
    const buttons = made.map(({ title }, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = title;
      button.addEventListener("click", () => choose(index));
      return bar.appendChild(button);
    });
    const copy = bar.appendChild(document.createElement("button"));
    copy.type = "button";
    copy.className = "quiet";
    copy.textContent = "Copy";
    copy.addEventListener("click", async () => {
      copy.textContent = (await copied(inner.textContent)) ? "Copied" : "Select it and copy";
      setTimeout(() => (copy.textContent = "Copy"), 2000);
    });
    function choose(index) {
      tab = index;
      inner.textContent = made[index].text;
      buttons.forEach((button, each) => button.setAttribute("aria-pressed", String(each === index)));
    }
    choose(tab);
    panels.replaceChildren(bar, text);
  }

  details.addEventListener("toggle", refresh);
  return refresh;
}

/** Puts a text on the clipboard; false where the browser refuses. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
