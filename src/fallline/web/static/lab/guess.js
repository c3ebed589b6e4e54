// The prediction: made once, before the first picture moves; then laid beside what happened.

import { json } from "./asking.js";

/**
 * @param {HTMLElement} section of the lab
 * @param {string} slug
 * @param {{reveal: () => void, fail: (problem: object) => void}} then
 * @returns {(asked: string) => Promise<boolean>} turns to another question, and tells whether it waits for an answer
 */
export function guess(section, slug, { reveal, fail }) {
  const form = section.querySelector("[data-guess]");
  if (!form) return async () => false;
  const asked = form.querySelector("[data-asked]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const choice = event.submitter?.value ?? "";
    const buttons = form.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    try {
      const body = new URLSearchParams(asked ? { choice, asked: asked.value } : { choice });
      show(section, await json(form.action, { method: "POST", body }));
      keep(asked ? `${slug}/${asked.value}` : slug, choice);
      form.hidden = true;
      section.classList.remove("waiting");
      reveal();
    } catch (problem) {
      for (const button of buttons) button.disabled = false;
      fail(problem);
    }
  });
  return async (name) => {
    asked.value = name;
    const { guess: made } = await json(`${form.action}?${new URLSearchParams({ asked: name })}`);
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    form.hidden = made !== null;
    section.classList.toggle("waiting", made === null);
    if (made === null) section.querySelector("[data-reveal]").hidden = true;
    else show(section, made);
    return made === null;
  };
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
