// The readout at the pointer or the keyboard's cursor, and the step that all figures of a page mark together.

import { element, node } from "./element.js";
import { data, fieldDatum, inWords, nearest } from "./readout.js";

/** The event by which figures of one page mark the same step. */
export const STEP = "figure-step";

export class Cursor {
  /**
   * @param {HTMLElement} stage
   * @param {SVGGElement} over where rings are drawn
   * @param {{sheet: () => import("./sheet.js").Sheet, say: (text: string) => void}} figure
   */
  constructor(stage, over, figure) {
    Object.assign(this, { stage, over, figure, found: null, at: -1, step: null });
    this.box = document.createElement("div");
    this.box.className = "figure-readout";
    this.box.hidden = true;
    this.box.setAttribute("aria-hidden", "true");
    stage.append(this.box);
    this.stop = new AbortController();
    const { signal } = this.stop;
    stage.addEventListener("pointermove", (event) => this.move(event), { signal });
    stage.addEventListener("pointerleave", () => this.leave(), { signal });
    stage.addEventListener("click", (event) => this.follow(event), { signal });
    document.addEventListener(STEP, (event) => this.mark(event.detail.step), { signal });
  }

  /** Forgets where the data stood: the figure was drawn anew. */
  reset() {
    this.found = null;
    this.at = -1;
    this.box.hidden = true;
    this.mark(this.step);
  }

  /** The data, computed when first asked for. */
  data() {
    this.found ??= data(this.figure.sheet());
    return this.found;
  }

  move(event) {
    if (event.buttons || event.target.closest("[role=slider]")) return this.leave();
    const frame = this.stage.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const near = nearest(this.data(), x, y);
    const found = near ?? fieldDatum(this.figure.sheet(), x, y);
    this.stage.classList.toggle("figure-leads", Boolean(near?.link));
    if (found === null) return this.leave();
    this.show(found, near !== null);
    return this.tell(near?.step ?? null);
  }

  leave() {
    this.box.hidden = true;
    this.tell(null);
  }

  /** Follows the link of the point that was clicked; only to this site. */
  follow(event) {
    const frame = this.stage.getBoundingClientRect();
    const near = nearest(this.data(), event.clientX - frame.left, event.clientY - frame.top, 14);
    if (near?.link && isHere(near.link)) location.assign(near.link);
  }

  /** Moves the keyboard's cursor through the data, in the order they stand in; says what is there. */
  walk(by) {
    const found = this.data();
    if (found.length === 0) return;
    this.at = by === 0 ? this.at : Math.min(Math.max(this.at + by, 0), found.length - 1);
    const one = found[this.at];
    if (!one) return;
    if (by === 0) {
      if (one.link && isHere(one.link)) location.assign(one.link);
      return;
    }
    this.show(one, true);
    this.tell(one.step);
    this.figure.say(inWords(one));
  }

  /** Shows the values of a datum beside it. */
  show(one, ringed) {
    const lines = one.title ? [line("figure-readout-title", one.title)] : [];
    for (const [name, value] of one.values) {
      const row = line("", "");
      row.append(line("figure-readout-name", name), line("figure-readout-value", value));
      lines.push(row);
    }
    this.box.replaceChildren(...lines);
    this.box.hidden = false;
    const { width, height } = this.figure.sheet().layout;
    const [wide, tall] = [this.box.offsetWidth, this.box.offsetHeight];
    const left = one.x + 14 + wide > width ? one.x - 14 - wide : one.x + 14;
    const top = Math.min(Math.max(one.y - tall / 2, 0), height - tall);
    this.box.style.transform = `translate(${Math.max(left, 0)}px, ${top}px)`;
    this.ring = ringed ? one : null;
    this.mark(this.step);
  }

  /** Tells every figure of the page which step is looked at. */
  tell(step) {
    if (step === null) this.ring = this.box.hidden ? null : this.ring;
    if (step === this.step) return this.mark(step);
    return document.dispatchEvent(new CustomEvent(STEP, { detail: { step } }));
  }

  /** Rings a step on every trail, and the datum under the cursor. */
  mark(step) {
    this.step = step;
    const sheet = this.figure.sheet();
    const rings = this.ring ? [ring(this.ring.x, this.ring.y, this.ring.role, sheet)] : [];
    if (step !== null && sheet.figure.steps > 0) {
      for (const trail of sheet.figure.marks) {
        if (!trail.trail || trail.frame || step >= trail.x.length || (sheet.step !== null && step > sheet.step)) continue;
        const point = sheet.point(trail.x[step], trail.y[step]);
        if (point) rings.push(ring(point[0], point[1], trail.role, sheet));
      }
    }
    this.over.replaceChildren(...rings);
  }

  destroy() {
    this.stop.abort();
  }
}

const ring = (cx, cy, role, sheet) =>
  node(element("circle", { class: "figure-ring", cx, cy, r: 7, fill: "none", stroke: sheet.paint(role), "stroke-width": 2 }));

/** Whether a link stays on this site. */
const isHere = (link) => new URL(link, location.href).origin === location.origin;

/** A piece of text in the readout. */
function line(name, text) {
  const made = document.createElement(name.includes("-name") || name.includes("-value") ? "span" : "div");
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}
