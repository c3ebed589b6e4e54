// The figures of a lab, drawn and kept up to date; fields are fetched once by their key.

import { draw, update } from "../figure/figure.js";
import { json } from "./asking.js";

const fields = new Map();

/** Fills in the values of fields that came by key. */
async function whole(figure, slug) {
  const marks = await Promise.all(
    figure.marks.map(async (mark) => {
      if (mark.kind !== "field" || !mark.key || mark.values.length > 0) return mark;
      if (!fields.has(mark.key)) fields.set(mark.key, json(`/labs/${slug}/field/${encodeURIComponent(mark.key)}`));
      return { ...mark, values: await fields.get(mark.key) };
    }),
  );
  return { ...figure, marks };
}

export class Pictures {
  /**
   * @param {HTMLElement} section
   * @param {string} slug
   * @param {{drag: (handle: string, value: number | number[]) => void, table: (id: string) => Promise<object>}} on
   */
  constructor(section, slug, on) {
    this.slug = slug;
    this.on = on;
    this.hosts = new Map();
    for (const host of section.querySelectorAll("[data-figure]")) this.hosts.set(host.dataset.figure, host);
    this.drawn = new Map();
    this.round = 0;
  }

  /** Draws or updates all figures together, so that linked ones never disagree; a newer call overtakes. */
  async show(figures) {
    const round = ++this.round;
    const made = await Promise.all(figures.map((figure) => whole(figure, this.slug)));
    if (round !== this.round) return false;
    for (const [id, host] of this.hosts) {
      host.hidden = !made.some((figure) => figure.id === id);
      if (!host.hidden) continue;
      this.drawn.get(id)?.destroy();
      this.drawn.delete(id);
    }
    for (const figure of made) {
      const host = this.hosts.get(figure.id);
      if (!host) continue;
      if (this.drawn.has(figure.id)) update(this.drawn.get(figure.id), figure);
      else this.drawn.set(figure.id, draw(host, figure, { onHandle: this.on.drag, table: () => this.on.table(figure.id) }));
    }
    return true;
  }
}
