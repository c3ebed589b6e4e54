// A Figure on the page: draws what `fallline.figures.figure` describes, and keeps it alive.

import { standalone } from "./compose.js";
import { Cursor, STEP } from "./cursor.js";
import { Handles } from "./handles.js";
import { Layers } from "./layers.js";
import { still, turn, turns } from "./motion.js";
import { fixedPaint, pagePaint, printPaint, sheetOf } from "./sheet.js";
import { Tools } from "./tools.js";

const CALM = 320; // ms without an update before one is shown as a transition

/**
 * @typedef {object} Options
 * @property {boolean} [heading] whether the title is drawn; true unless the page says it elsewhere
 * @property {boolean} [tools] the data table and the files under it; true
 * @property {(id: string, place: number[]) => void} [onHandle] told as the `knob` event is; one number or two
 * @property {() => Promise<{columns: string[], rows: any[][]}>} [table] fetches the data table where the figure came without
 */

/**
 * Draws a figure in a host, replacing what stands there (the drawing made for pages without scripts).
 * @param {HTMLElement} host
 * @param {object} figure `Figure.to_dict()`
 * @param {Options} options
 */
export const draw = (host, figure, options = {}) => new Picture(host, figure, options);

/** A figure as it stands at a step: its marks and those of the step's frame; the last frame for null. */
export function frameAt(figure, step) {
  const frames = figure.frames ?? [];
  if (frames.length === 0) return figure;
  const last = frames.length - 1;
  return { ...figure, marks: [...figure.marks, ...frames[step === null ? last : Math.min(step, last)]], frames: [] };
}

/** Shows another figure in the place of a drawn one. @param {Picture} picture @param {object} figure */
export const update = (picture, figure) => picture.update(figure);

export class Picture {
  /** @param {HTMLElement} host @param {object} figure @param {Options} options */
  constructor(host, whole, options) {
    const figure = frameAt(whole, null);
    Object.assign(this, { host, options, whole, figure, shown: figure, step: null, touched: 0, cancel: null });
    host.classList.add("figure-host");
    this.stage = document.createElement("div");
    this.stage.className = "figure-stage";
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "group");
    this.live = document.createElement("div");
    this.live.className = "figure-live";
    this.live.setAttribute("aria-live", "polite");
    host.replaceChildren(this.stage, this.live);
    const hooks = { sheet: () => this.sheet, say: (text) => this.say(text) };
    this.layers = new Layers(this.stage);
    this.cursor = null;
    this.handles = new Handles(this.stage, {
      ...hooks,
      emit: (id, value) => this.emit(id, value),
      redraw: () => this.show(this.handles.kept(this.figure)),
    });
    this.fixed = fixedPaint(host);
    this.render();
    this.cursor = new Cursor(this.stage, this.layers.over, hooks);
    if (options.tools !== false) {
      this.tools = new Tools(host, { ...hooks, figure: () => this.figure, table: () => this.table(), svg: () => this.svg() });
    }
    this.listen();
  }

  /** Follows the width, the theme, the printer and the keyboard. */
  listen() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.host);
    const repaint = () => this.repaint(fixedPaint(this.host));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint, { signal });
    this.themes = new MutationObserver(repaint);
    this.themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
    addEventListener("beforeprint", () => this.repaint(printPaint), { signal });
    addEventListener("afterprint", repaint, { signal });
    this.host.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  /**
   * Shows another figure: at once while a hand moves something, else on a short way there.
   * @param {object} whole
   */
  update(whole) {
    const now = performance.now();
    const calm = now - this.touched > CALM && this.handles.held === null && !still();
    this.touched = now;
    this.cancel?.();
    this.cancel = null;
    if (this.step !== null) this.step = Math.min(this.step, whole.steps);
    const figure = frameAt(whole, this.step);
    Object.assign(this, { whole, figure });
    if (calm && this.step === null && turns(this.shown, figure)) {
      this.cancel = turn(this.shown, figure, (between) => this.show(between));
    } else this.show(this.handles.kept(figure));
    this.tools?.fill();
  }

  /** Reveals the trails up to a step; null shows them whole. @param {number | null} step */
  setStep(step) {
    const next = step === null || step >= this.figure.steps ? null : Math.max(0, Math.round(step));
    if (next === this.step) return;
    this.step = next;
    if (this.whole.frames?.length > 0) {
      this.figure = frameAt(this.whole, next);
      this.show(this.figure);
      return;
    }
    this.sheet = this.sheet.at(next);
    this.layers.drawField(this.sheet, this.fixed);
    this.layers.drawStep(this.sheet, this.fixed);
    this.cursor?.reset();
  }

  /** Marks a step on every figure of the page; null marks none. @param {number | null} step */
  highlight(step) {
    document.dispatchEvent(new CustomEvent(STEP, { detail: { step } }));
  }

  /** The figure as it stands, as one file with fixed colours. */
  svg() {
    return standalone(this.figure, this.width(), fixedPaint(this.host), { step: this.step });
  }

  /** The numbers behind the figure. */
  async table() {
    const { table } = this.figure;
    return this.options.table && !(table?.rows?.length > 0) ? this.options.table() : table;
  }

  show(figure) {
    this.shown = figure;
    this.render();
  }

  render() {
    const { heading } = this.options;
    this.drawnAt = this.width();
    this.sheet = sheetOf(this.shown, this.drawnAt, pagePaint, { heading, step: this.step });
    this.layers.draw(this.sheet, this.fixed);
    this.handles.place(this.sheet);
    this.stage.setAttribute("aria-label", `${this.shown.title}. Arrow keys read its values, T opens its data table.`);
    this.cursor?.reset();
  }

  /** Draws again when the host has another width. */
  fit() {
    if (this.width() !== this.drawnAt) this.render();
  }

  repaint(fixed) {
    this.fixed = fixed;
    this.layers.drawField(this.sheet, fixed);
    this.layers.drawStep(this.sheet, fixed);
  }

  width() {
    return Math.max(Math.floor(this.host.clientWidth) || 640, 160);
  }

  /** T opens the table; arrow keys on the figure itself read its values. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "t" && this.tools) {
      this.tools.toggle();
      event.preventDefault();
    }
    if (event.target !== this.stage) return;
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Enter: 0 }[event.key];
    if (by !== undefined) {
      this.cursor.walk(by * (event.shiftKey ? 10 : 1));
      event.preventDefault();
    } else if (event.key === "Escape") this.cursor.leave();
  }

  /** Tells the page that a handle moved. */
  emit(id, value) {
    this.touched = performance.now();
    this.host.dispatchEvent(new CustomEvent("knob", { bubbles: true, detail: { id, value } }));
    this.options.onHandle?.(id, Array.isArray(value) ? value : [value]);
  }

  /** Says something to people who listen. */
  say(text) {
    this.live.textContent = text;
  }

  /** Lets go of the host. */
  destroy() {
    this.cancel?.();
    this.stop.abort();
    this.observer.disconnect();
    this.themes.disconnect();
    this.cursor.destroy();
    this.host.replaceChildren();
  }
}
