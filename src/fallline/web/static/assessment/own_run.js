// @ts-check
/** The pictures of one's own run come to life; the server has drawn them. */

import { Pictures } from "../lab/pictures.js";

/** @param {HTMLElement} place */
export function enliven(place) {
  const figures = [...place.querySelectorAll("[data-json]")].map((script) => JSON.parse(script.textContent ?? "null"));
  const tables = new Map(figures.map((figure) => [figure.id, figure.table]));
  for (const host of place.querySelectorAll("[data-figure]")) host.replaceChildren();
  const pictures = new Pictures(place, place.dataset.ownRun ?? "", { drag: () => {}, table: async (id) => tables.get(id) });
  pictures.show(figures);
}
