// Handles: what can be dragged on a figure, by pointer and by keyboard alike.

import { tidy, number } from "./ticks.js";

const FINE = 100; // keyboard steps across the plot; Shift goes ten at a time

export class Handles {
  /**
   * @param {HTMLElement} stage
   * @param {object} figure
   * @param {() => import("./sheet.js").Sheet} figure.sheet
   * @param {(text: string) => void} figure.say
   * @param {(id: string, value: number | number[]) => void} figure.emit
   * @param {() => void} figure.redraw
   */
  constructor(stage, figure) {
    Object.assign(this, { stage, figure, nodes: new Map(), held: null, frame: 0 });
  }

  /** The figure as it stands while something is held: the held mark stays where the hand is. */
  kept(figure) {
    if (this.held === null) return figure;
    const { id, value } = this.held;
    return { ...figure, marks: figure.marks.map((mark) => (mark.handle === id ? moved(mark, value) : mark)) };
  }

  /** Puts a handle on every mark that has one. */
  place(sheet) {
    const wanted = sheet.figure.marks.filter((mark) => mark.handle);
    for (const [id, node] of this.nodes) {
      if (wanted.some((mark) => mark.handle === id)) continue;
      node.remove();
      this.nodes.delete(id);
    }
    for (const mark of wanted) {
      const point = placeOf(mark, sheet);
      const node = this.nodes.get(mark.handle) ?? this.add(mark.handle);
      node.hidden = point === null;
      if (point === null) continue;
      // As a share of the width, so that a handle stays inside its picture between a resize and the next drawing.
      node.style.left = `${(100 * point[0]) / sheet.layout.width}%`;
      node.style.top = `${point[1]}px`;
      describe(node, mark, sheet);
    }
  }

  /** Makes the node of a handle. */
  add(id) {
    const node = document.createElement("div");
    node.className = "figure-handle";
    node.tabIndex = 0;
    node.setAttribute("role", "slider");
    node.dataset.handle = id;
    this.nodes.set(id, node);
    this.stage.append(node);
    node.addEventListener("pointerdown", (event) => this.grab(event, id, node));
    node.addEventListener("pointermove", (event) => this.drag(event, id));
    for (const ending of ["pointerup", "pointercancel"]) node.addEventListener(ending, () => this.drop(node));
    node.addEventListener("keydown", (event) => this.key(event, id, node));
    return node;
  }

  mark(id) {
    return this.figure.sheet().figure.marks.find((mark) => mark.handle === id);
  }

  grab(event, id, node) {
    if (event.button !== 0) return;
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    node.classList.add("figure-held");
    this.held = { id, value: valueOf(this.mark(id)) };
    event.preventDefault();
  }

  drag(event, id) {
    if (this.held?.id !== id) return;
    const frame = this.stage.getBoundingClientRect();
    this.set(id, event.clientX - frame.left, event.clientY - frame.top);
  }

  drop(node) {
    if (this.held === null) return;
    node.classList.remove("figure-held");
    this.flush();
    this.figure.say(node.getAttribute("aria-valuetext"));
    this.held = null;
  }

  /** Arrow keys move by a hundredth of the plot, with Shift by a tenth; Home and End go to the ends. */
  key(event, id, node) {
    const sheet = this.figure.sheet();
    const mark = this.mark(id);
    const [left, top, right, bottom] = sheet.layout.box;
    const far = event.shiftKey ? 10 : 1;
    const [across, down] = [((right - left) / FINE) * far, ((bottom - top) / FINE) * far];
    let [x, y] = placeOf(mark, sheet) ?? [left, bottom];
    const level = mark.along === "y" || (mark.kind === "rule" && mark.axis === "y");
    if (event.key === "ArrowRight") level ? (y -= down) : (x += across);
    else if (event.key === "ArrowLeft") level ? (y += down) : (x -= across);
    else if (event.key === "ArrowUp") mark.kind === "rule" && !level ? (x += across) : (y -= down);
    else if (event.key === "ArrowDown") mark.kind === "rule" && !level ? (x -= across) : (y += down);
    else if (event.key === "Home" && (mark.kind === "rule" || mark.along)) [x, y] = [left, bottom];
    else if (event.key === "End" && (mark.kind === "rule" || mark.along)) [x, y] = [right, top];
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.held = { id, value: valueOf(mark) };
    this.set(id, x, y);
    this.flush();
    this.figure.say(node.getAttribute("aria-valuetext"));
    this.held = null;
  }

  /** Moves a handle to a pixel; told once per frame at most. */
  set(id, x, y) {
    const sheet = this.figure.sheet();
    const mark = this.mark(id);
    const [left, top, right, bottom] = sheet.layout.box;
    const along = mark.along ?? "";
    const across = along === "y" ? mark.x[0] : rounded(sheet.layout.x, Math.min(Math.max(x, left), right));
    const down = along === "x" ? mark.y[0] : rounded(sheet.layout.y, Math.min(Math.max(y, top), bottom));
    this.held.value = mark.kind === "rule" ? (mark.axis === "x" ? across : down) : [across, down];
    this.pending = true;
    this.frame ||= requestAnimationFrame(() => this.flush());
  }

  flush() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.pending || this.held === null) return;
    this.pending = false;
    this.figure.redraw();
    this.figure.emit(this.held.id, this.held.value);
  }
}

const valueOf = (mark) => (mark.kind === "rule" ? mark.at : [mark.x[0], mark.y[0]]);
const moved = (mark, value) => (mark.kind === "rule" ? { ...mark, at: value } : { ...mark, x: [value[0]], y: [value[1]] });

/** The pixel of a handle: on the point, or near the end of a rule where its knob is drawn. */
function placeOf(mark, sheet) {
  const [, , right, bottom] = sheet.layout.box;
  if (mark.kind === "points") return sheet.point(mark.x[0], mark.y[0]);
  const at = sheet.layout[mark.axis].place(mark.at);
  if (at === null) return null;
  return mark.axis === "x" ? [at, bottom - 14] : [right - 14, at];
}

/** The value at a pixel, to about a five-hundredth of the axis. */
function rounded(scale, pixel) {
  const value = scale.value(pixel);
  if (scale.kind === "log") return tidy(value, 3);
  const grain = 10 ** Math.floor(Math.log10((scale.high - scale.low) / 200));
  return tidy(Math.min(Math.max(Math.round(value / grain) * grain, scale.low), scale.high));
}

/** Says what a handle is and where it stands. */
function describe(node, mark, sheet) {
  const { x, y } = sheet.figure;
  const said = (axis, value) => [axis.symbol || axis.label, number(value), axis.unit].filter(Boolean).join(" ");
  const along = mark.along ?? "";
  const axis = mark.kind === "rule" ? mark.axis : along || "x";
  const scale = sheet.layout[axis];
  const name = mark.label || mark.names?.[0] || mark.handle;
  const text = mark.kind === "rule" ? number(mark.at) : `${said(x, mark.x[0])}, ${said(y, mark.y[0])}`;
  const attributes = {
    "aria-label": name,
    "aria-valuemin": scale.low,
    "aria-valuemax": scale.high,
    "aria-valuenow": mark.kind === "rule" ? mark.at : mark[axis][0],
    "aria-valuetext": `${name} ${text}`,
    "aria-orientation": along === "y" || mark.kind === "rule" && mark.axis === "y" ? "vertical" : "horizontal",
  };
  if (mark.kind === "points" && !along) attributes["aria-roledescription"] = "point to move with the arrow keys";
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  node.classList.toggle("figure-narrow", along === "y");
  node.classList.toggle("figure-level", mark.kind === "rule" && mark.axis === "y");
  node.classList.toggle("figure-upright", mark.kind === "rule" && mark.axis === "x");
}
