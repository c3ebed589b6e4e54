// @ts-check
/** A run while it works: its events, as they come, drawn into the page. */

import { draw } from "./figure/figure.js";

const box = /** @type {HTMLElement} */ (document.querySelector("[data-run]"));
const stream = new EventSource(`/runs/${box.dataset.run}/events`);
const live = /** @type {HTMLElement} */ (document.querySelector("[data-live]"));
/** @type {{update: (figure: object) => void} | undefined} */
let picture;

stream.addEventListener("progress", (event) => show(JSON.parse(event.data)));
stream.addEventListener("ended", (event) => {
  stream.close();
  const { state } = JSON.parse(event.data);
  location.assign(state === "finished" ? `/records/${box.dataset.run}` : location.href);
});

/** @param {{message: string, step: number | null, total: number | null, stages: {name: string, state: string, sentence: string}[], points: [string, number, number][], warnings: string[]}} progress */
function show(progress) {
  put("[data-message]", progress.message);
  put("[data-count]", progress.total ? `${progress.step} of ${progress.total}` : "");
  const bar = /** @type {HTMLProgressElement} */ (document.querySelector("[data-bar]"));
  bar.max = progress.total || 1;
  bar.value = progress.step || 0;
  stages(progress.stages);
  replace("[data-warnings]", progress.warnings.map((warning) => item(warning)));
  if (progress.points.length > 1) points(progress.points);
}

/** @param {string} selector @param {string} text */
function put(selector, text) {
  const place = document.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {string} selector @param {HTMLElement[]} children */
function replace(selector, children) {
  document.querySelector(selector)?.replaceChildren(...children);
}

/** @param {string} text */
function item(text) {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}

/** @param {{name: string, state: string, sentence: string}[]} list */
function stages(list) {
  if (!list.length) return;
  replace(
    "[data-stages]",
    list.map((stage) => {
      const made = document.createElement("li");
      made.dataset.stage = stage.name;
      made.dataset.state = stage.state;
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = stage.name;
      const said = document.createElement("span");
      said.className = "said";
      said.textContent = stage.sentence;
      made.append(name, " ", said);
      return made;
    }),
  );
}

/** The search so far: every trial a point, the best so far a staircase. @param {[string, number, number][]} list */
function points(list) {
  const of = (/** @type {string} */ series) => list.filter(([name]) => name === series);
  const best = of("best");
  const marks = [...new Set(list.map(([name]) => name))]
    .filter((name) => name !== "best")
    .map((name) => ({ kind: "points", x: of(name).map((p) => p[1]), y: of(name).map((p) => p[2]), role: name, label: name, names: [], links: [], size: 3.5, hollow: false, handle: "", x_error: [], y_error: [] }));
  const line = { kind: "line", x: best.map((p) => p[1]), y: best.map((p) => p[2]), role: "accent", label: "best so far", trail: false, step: true, fill: false };
  const ys = list.map((p) => p[2]).sort((a, b) => a - b);
  const top = ys[Math.floor(0.9 * (ys.length - 1))];
  const axis = (/** @type {string} */ label, /** @type {number | null} */ high) => ({ label, unit: "", scale: "linear", low: null, high, categories: [], symbol: "" });
  const figure = {
    id: "live", title: "The search so far", x: axis("trial", null), y: axis("mean log loss over the folds", top + 0.2 * (top - ys[0]) || null),
    marks: [...marks, line], alt: `${best.length} trials so far.`, table: { columns: ["series", "trial", "log loss"], rows: list },
    caption: "", aspect: 2, steps: 0, equal: false,
  };
  live.hidden = false;
  if (picture) picture.update(figure);
  else picture = draw(live, figure, {});
}
