// What every mark is drawn with: the layout, the colours, and how far the trails are revealed.

import { atStep } from "./frames.js";
import { layout } from "./layout.js";
import { RELIEF } from "./palettes.js";
import { ROLES, look } from "./roles.js";

export const PAPER = ["#FBFAF7", "#11151C"];
export const RULE = ["#DAD7CF", "#2C3442"];

/** Every paint: name → colour on light and on dark paper. */
const COLOURS = { ...RELIEF, paper: PAPER, rule: RULE };
for (const [name, role] of Object.entries(ROLES)) COLOURS[name] = [role.light, role.dark];

/** The colour as the page's custom property, so that the page's theme decides. */
export const pagePaint = (name) => (name in COLOURS ? `var(--${name}, ${COLOURS[name][0]})` : pagePaint("ink"));

/** Colours on light paper, whatever the page's theme: what a printer gets. */
export const printPaint = (name) => (COLOURS[name] ?? COLOURS.ink)[0];

/** The colours as they stand on the page now, as "#rrggbb", for canvases and for files. @param {HTMLElement} host */
export function fixedPaint(host) {
  const style = getComputedStyle(host);
  const probe = document.createElement("canvas").getContext("2d");
  const found = new Map();
  return (name) => {
    const known = name in COLOURS ? name : "ink";
    if (!found.has(known)) {
      probe.fillStyle = printPaint(known);
      probe.fillStyle = style.getPropertyValue(`--${known}`).trim(); // refused when empty: the light colour stays
      found.set(known, probe.fillStyle);
    }
    return found.get(known);
  };
}

/** A figure at its layout, with its paints; trails are drawn up to a step, or whole when it is null. */
export class Sheet {
  /**
   * @param {object} figure
   * @param {object} plan from `layout`
   * @param {(name: string) => string} paint
   * @param {number | null} step
   */
  constructor(figure, plan, paint, step = null) {
    Object.assign(this, { whole: figure, figure: atStep(figure, step), layout: plan, paint, step });
    this.name = figure.id.replace(/[^A-Za-z0-9-]/g, "-") || "figure";
    this.map = figure.marks.some((mark) => mark.kind === "field" || mark.kind === "regions");
  }

  /** The same sheet with its trails revealed to another step. */
  at(step) {
    return new Sheet(this.whole, this.layout, this.paint, step);
  }

  /** The same sheet in other colours. */
  in(paint) {
    return new Sheet(this.whole, this.layout, paint, this.step);
  }

  /** The pixel of a point; null where it has none. */
  point(x, y) {
    const across = this.layout.x.place(x);
    const down = this.layout.y.place(y);
    return across === null || down === null ? null : [across, down];
  }

  /** The pixels of as many points as have both coordinates. */
  points(x, y) {
    const result = [];
    for (let index = 0; index < Math.min(x.length, y.length); index += 1) result.push(this.point(x[index], y[index]));
    return result;
  }

  /** The plot, and some pixels beyond it. */
  room(beyond) {
    const [left, top, right, bottom] = this.layout.box;
    return [left - beyond, top - beyond, right + beyond, bottom + beyond];
  }

  /** Which points of a line are drawn: all of a still one, those up to the step of a trail, the frame of a step. */
  shown(line) {
    if (line.frame) {
      const last = Math.max(Math.floor(line.x.length / line.frame) - 1, 0);
      const step = this.step === null ? last : Math.min(this.step, last);
      return [step * line.frame, (step + 1) * line.frame];
    }
    return [0, this.step === null || !line.trail ? line.x.length : this.step + 1];
  }

  /** The pixels of a line as far as it is revealed; a staircase gets its corners. */
  path(line) {
    const [first, end] = this.shown(line);
    const points = this.points(line.x.slice(first, end), line.y.slice(first, end));
    return line.step ? stairs(points) : points;
  }

  /** The attributes of a line in a role's colour and dash. */
  stroke(role, width, dashed = true) {
    const attributes = { fill: "none", stroke: this.paint(role), "stroke-width": width };
    const { dash } = look(role);
    const broken = dashed && dash.length > 0;
    if (broken) attributes["stroke-dasharray"] = dash.join(" ");
    return { ...attributes, "stroke-linejoin": "round", "stroke-linecap": broken ? "butt" : "round" };
  }
}

/** A sheet for a figure at a width. */
export const sheetOf = (figure, width, paint, { heading = true, step = null } = {}) =>
  new Sheet(figure, layout(figure, width, heading), paint, step);

/** Adds the corners of a staircase that holds each value until the next. */
function stairs(points) {
  const result = [];
  for (const point of points) {
    const previous = result.length > 0 ? result[result.length - 1] : null;
    if (point !== null && previous !== null) result.push([point[0], previous[1]]);
    result.push(point);
  }
  return result;
}
