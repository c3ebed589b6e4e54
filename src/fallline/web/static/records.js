// @ts-check
/** Brings the pictures of a Record to life: the server has drawn them, the renderer takes over where it can. */

import { draw } from "./figure/figure.js";

for (const figure of document.querySelectorAll("[data-picture]")) {
  const data = figure.querySelector('script[type="application/json"]');
  const drawn = /** @type {HTMLElement | null} */ (figure.querySelector(".drawn"));
  if (!data?.textContent || !drawn) continue;
  const host = document.createElement("div");
  drawn.replaceWith(host);
  draw(host, JSON.parse(data.textContent), {});
}
