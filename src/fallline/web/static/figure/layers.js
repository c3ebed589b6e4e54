// The layers of a figure on the page: shading on a canvas, what stands still in SVG, trails on a canvas, words in SVG.
// Each is drawn again only when what it shows has changed.

import { paintElements, ready, within } from "./canvas.js";
import { description, drawBack, drawFrame, drawTrails, drawWords, opening } from "./compose.js";
import { element, node } from "./element.js";
import { contours, drawContours, frameOf, heightsOf } from "./field.js";
import { shading } from "./pixels.js";
import { drawnWhole, tinting } from "./regions.js";

const SPACE = "http://www.w3.org/2000/svg";

export class Layers {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.stage = stage;
    this.field = layer("canvas", "field");
    this.back = layer("svg", "back");
    this.trails = layer("canvas", "trails");
    this.front = layer("svg", "front");
    this.frame = document.createElementNS(SPACE, "g");
    this.words = document.createElementNS(SPACE, "g");
    this.over = document.createElementNS(SPACE, "g");
    this.front.append(this.frame, this.words, this.over);
    this.back.removeAttribute("aria-hidden");
    this.back.setAttribute("role", "img");
    stage.append(this.field, this.back, this.trails, this.front);
    this.shaded = [];
  }

  /**
   * Draws everything.
   * @param {import("./sheet.js").Sheet} sheet in the page's colours
   * @param {(name: string) => string} fixed the same colours, resolved
   */
  draw(sheet, fixed) {
    const { width, height } = sheet.layout;
    this.stage.style.width = `${width}px`;
    this.stage.style.height = `${height}px`;
    for (const svg of [this.back, this.front]) {
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
    }
    const { name, figure } = sheet;
    this.back.setAttribute("aria-labelledby", `${name}-title ${name}-desc`);
    const told = [
      element("title", { id: `${name}-title` }, figure.title),
      element("desc", { id: `${name}-desc` }, description(figure)),
      opening(sheet),
    ];
    this.back.replaceChildren(...[...told, ...drawBack(sheet)].map(node));
    this.frame.replaceChildren(...drawFrame(sheet).map(node));
    this.drawField(sheet, fixed);
    this.drawStep(sheet, fixed);
  }

  /** Draws the trails and the words, which a step changes. */
  drawStep(sheet, fixed) {
    const context = ready(this.trails, sheet.layout.width, sheet.layout.height);
    const elements = drawTrails(sheet.in(fixed));
    within(context, sheet.room(sheet.map ? 0 : 8), () => paintElements(context, elements));
    this.words.replaceChildren(...drawWords(sheet).map(node));
  }

  /** Draws the shading and the contour lines, unless they stand there already. */
  drawField(sheet, fixed) {
    const fields = sheet.figure.marks.filter((mark) => mark.kind === "field" && heightsOf(mark) !== null);
    const areas = sheet.figure.marks.filter((mark) => mark.kind === "regions" && drawnWhole(mark));
    const { width, height, box } = sheet.layout;
    const paints = ["paper", "relief-high", "relief-low", "relief-shade", "contour"].map(fixed);
    const now = [width, height, ...box, devicePixelRatio, ...paints];
    for (const field of fields) now.push(field.values, field.palette, field.log, ...field.x, ...field.y, ...field.levels);
    for (const each of areas) now.push(each.cells, ...each.x, ...each.y, ...each.roles.map(fixed));
    if (now.length === this.shaded.length && now.every((value, index) => value === this.shaded[index])) return;
    this.shaded = now;
    this.field.hidden = fields.length + areas.length === 0;
    const context = ready(this.field, width, height);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    within(context, box, () => {
      for (const field of fields) {
        const frame = frameOf(field, sheet);
        context.drawImage(shading(field, heightsOf(field), fixed), frame.x, frame.y, frame.width, frame.height);
        paintElements(context, drawContours(field, contours(field, sheet), sheet.in(fixed)));
      }
      context.imageSmoothingEnabled = false;
      for (const each of areas) {
        const frame = frameOf(each, sheet);
        context.drawImage(tinting(each, fixed), frame.x, frame.y, frame.width, frame.height);
      }
    });
  }
}

/** One layer, invisible to assistive technology. */
function layer(tag, name) {
  const made = tag === "svg" ? document.createElementNS(SPACE, "svg") : document.createElement("canvas");
  made.setAttribute("class", `figure-${name}`);
  made.setAttribute("aria-hidden", "true");
  return made;
}
