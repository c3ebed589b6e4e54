// The prediction: made once, before the first picture moves; then laid beside what happened.

import { json } from "./asking.js";

/**
 * @param {HTMLElement} section of the lab
 * @param {string} slug
 * @param {{reveal: () => void, fail: (problem: object) => void}} then
 */
export function guess(section, slug, { reveal, fail }) {
  const form = section.querySelector("[data-guess]");
  if (!form) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const choice = event.submitter?.value ?? "";
    const buttons = form.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    try {
      const body = new URLSearchParams({ choice });
      show(section, await json(form.action, { method: "POST", body }));
      keep(slug, choice);
      form.hidden = true;
      section.classList.remove("waiting");
      reveal();
    } catch (problem) {
      for (const button of buttons) button.disabled = false;
      fail(problem);
    }
  });
}

function show(section, { choice, expected, right, happened, reveal }) {
  const box = section.querySelector("[data-reveal]");
  box.querySelector("[data-expected]").hidden = !choice;
  box.querySelector("[data-expected] dd").textContent = expected;
  box.querySelector("[data-happened] dd").textContent = happened;
  box.querySelector("[data-said]").textContent = reveal;
  box.dataset.match = choice ? String(choice === right) : "";
  box.hidden = false;
}

function keep(slug, choice) {
  try {
    sessionStorage.setItem(`prediction/${slug}`, choice);
  } catch {
    // the server has it; the copy in the session is a convenience
  }
}
