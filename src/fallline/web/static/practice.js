// @ts-check
/** A question to practise: lines to put in order get their buttons; all else is a plain form. */

import { ordering } from "./assessment/ordering.js";

for (const question of document.querySelectorAll("[data-kind=order]")) {
  const field = question.querySelector(".answer input");
  if (field instanceof HTMLInputElement) ordering(/** @type {HTMLElement} */ (question), field);
}
