// The controls of a lab: what was touched is the state; a slider's position is an index into the knob's grid.

import { pasted, tabled } from "./pasting.js";

/** The fractional position of a value between the stops of a grid, from 0 to 1; null when it lies outside. */
export function share(at, stops) {
  const last = stops.length - 1;
  if (last < 1 || at < stops[0] || at > stops[last]) return null;
  let left = 0;
  while (left < last - 1 && stops[left + 1] <= at) left += 1;
  const width = stops[left + 1] - stops[left];
  return (left + (width > 0 ? (at - stops[left]) / width : 0)) / last;
}

/** The index of the stop that is closest to a value. */
export function nearest(value, stops) {
  let best = 0;
  for (let index = 1; index < stops.length; index += 1) {
    if (Math.abs(stops[index] - value) < Math.abs(stops[best] - value)) best = index;
  }
  return best;
}

export class Knobs {
  /**
   * @param {HTMLFormElement} form
   * @param {{grids: Record<string, string[][]>, answer: {values: Record<string, string>}, touched: string[]}} state
   * @param {() => void} changed
   */
  constructor(form, state, changed) {
    this.form = form;
    this.changed = changed;
    this.values = { ...state.answer.values };
    this.touched = new Set(state.touched);
    this.knobs = new Map();
    for (const element of form.querySelectorAll("[data-knob]")) {
      this.knobs.set(element.dataset.knob, element);
      this.listen(element.dataset.knob, element);
    }
    this.take(state.grids);
    this.rest(state.answer.idle);
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** The state as a query string: what was touched, in the order of the knobs. */
  query() {
    const names = Object.keys(this.values).filter((name) => this.touched.has(name));
    return names.map((name) => `${name}=${encodeURIComponent(this.values[name]).replaceAll("%2C", ",")}`).join("&");
  }

  /** Sets one knob as if by hand. */
  set(name, text) {
    if (!(name in this.values)) return;
    this.values[name] = text;
    this.touched.add(name);
    this.draw(name);
    this.changed();
  }

  /** Replaces the whole state by a query string's. */
  replace(query) {
    this.touched.clear();
    for (const [name, text] of new URLSearchParams(query)) {
      if (!(name in this.values)) continue;
      this.values[name] = text;
      this.touched.add(name);
    }
    this.changed();
  }

  /** Takes the values that the server settled on. */
  show(values) {
    for (const [name, text] of Object.entries(values)) {
      if (this.values[name] === text && this.drawn?.[name] === text) continue;
      this.values[name] = text;
      this.draw(name);
    }
  }

  /** Takes new grids: another option may have moved where the knobs go. */
  take(grids) {
    this.grids = Object.fromEntries(Object.entries(grids).map(([name, axes]) => [name, axes.map((axis) => axis.map(Number))]));
    this.texts = grids;
    for (const [name, element] of this.knobs) {
      const slider = element.querySelector("[data-slider]");
      if (slider) {
        slider.hidden = false;
        slider.max = String(this.grids[name][0].length - 1);
      }
      this.draw(name);
    }
  }

  /** Shows the knobs that count under the options chosen, and no others. */
  rest(idle) {
    for (const [name, element] of this.knobs) element.hidden = idle.includes(name);
  }

  /** Points at what is wrong with a text, under its field. */
  mistakes(found) {
    for (const [name, element] of this.knobs) {
      const box = element.querySelector("[data-mistake]");
      if (!box) continue;
      const mistake = found[name];
      box.hidden = !mistake;
      element.querySelector("textarea, input").setAttribute("aria-invalid", String(Boolean(mistake)));
      if (!mistake) continue;
      const place = box.querySelector("[data-place]");
      place.hidden = !mistake.column;
      place.textContent = mistake.column ? `${mistake.shown}\n${" ".repeat(mistake.column - 1)}^` : "";
      const sentence = box.querySelector("[data-sentence]");
      if (sentence.textContent !== mistake.sentence) sentence.textContent = mistake.sentence;
    }
  }

  /** Marks computed limits on the sliders. */
  limits(found) {
    for (const [name, element] of this.knobs) {
      const mark = element.querySelector("[data-limit]");
      if (!mark) continue;
      const limit = found[name];
      const place = limit ? share(limit.at, this.grids[name][0]) : null;
      mark.hidden = !limit;
      if (!limit) continue;
      mark.textContent = `${limit.label} = ${Number(limit.at.toPrecision(3))}`;
      mark.classList.toggle("beyond", place === null);
      mark.style.setProperty("--at", String(place ?? 1));
    }
  }

  /** Shows one knob's value on its controls. */
  draw(name) {
    const element = this.knobs.get(name);
    const text = this.values[name];
    this.drawn = { ...this.drawn, [name]: text };
    const kind = [...element.classList].find((each) => each.startsWith("knob-"));
    if (kind === "knob-toggle") element.querySelector("input[type=checkbox]").checked = text === "1";
    else if (kind === "knob-table") pasted(element, text);
    else if (kind === "knob-choice") element.querySelector("select").value = text;
    else if (kind === "knob-point" || kind === "knob-curve") this.drawParts(element, text.split(","));
    else if (element.querySelector("input[type=text]").value !== text) element.querySelector("input[type=text]").value = text;
    const slider = element.querySelector("[data-slider]");
    if (!slider || !this.grids?.[name]) return;
    const index = nearest(Number(text), this.grids[name][0]);
    slider.value = String(index);
    slider.style.setProperty("--at", String(index / Math.max(1, Number(slider.max))));
    slider.setAttribute("aria-valuetext", `${text} ${element.querySelector(".unit")?.textContent ?? ""}`.trim());
  }

  /** A point shows as many coordinates as it has. */
  drawParts(element, parts) {
    element.querySelectorAll("input").forEach((input, axis) => {
      input.hidden = input.disabled = axis >= parts.length;
      if (axis < parts.length) input.value = parts[axis];
    });
  }

  listen(name, element) {
    if (element.classList.contains("knob-text")) {
      const field = element.querySelector("input");
      field.addEventListener("input", () => this.set(name, field.value));
      return;
    }
    if (element.classList.contains("knob-table")) return tabled(element, (text) => this.set(name, text));
    const slider = element.querySelector("[data-slider]");
    slider?.addEventListener("input", () => this.set(name, this.texts[name][0][Number(slider.value)]));
    for (const input of element.querySelectorAll("input[type=text]")) {
      input.addEventListener("change", () => {
        const parts = [...element.querySelectorAll("input[type=text]:enabled")].map((each) => each.value.trim());
        this.set(name, parts.join(","));
      });
      input.addEventListener("keydown", (event) => this.nudge(event, name, input));
    }
    const select = element.querySelector("select");
    select?.addEventListener("change", () => {
      for (const moved of select.dataset.moves.split(" ")) this.touched.delete(moved);
      this.set(name, select.value);
    });
    const box = element.querySelector("input[type=checkbox]");
    box?.addEventListener("change", () => this.set(name, box.checked ? "1" : "0"));
  }

  /** Moves a written number by one stop with the arrow keys, as a slider would. */
  nudge(event, name, input) {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    const axis = [...input.closest("[data-knob]").querySelectorAll("input[type=text]")].indexOf(input);
    const stops = this.grids[name][axis];
    const index = Math.min(stops.length - 1, Math.max(0, nearest(Number(input.value), stops) + direction));
    const parts = this.values[name].split(",");
    parts[axis] = this.texts[name][axis][index];
    this.set(name, parts.join(","));
  }

  /** Sets one number of a knob that has several, such as a height of a curve; the figure's handle is `name.place`. */
  setPart(name, place, value) {
    const parts = this.values[name].split(",");
    parts[place] = this.texts[name][place][nearest(value, this.grids[name][place])];
    this.set(name, parts.join(","));
  }

  /** Snaps a dragged place to the grid of a point, or of a slider. */
  snap(name, ...places) {
    const axes = this.grids[name].length;
    return places.slice(0, axes).map((place, axis) => this.texts[name][axis][nearest(place, this.grids[name][axis])]).join(",");
  }
}
