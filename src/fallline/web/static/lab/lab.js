// A lab: knobs, one question to the server at a time, figures, caption, puzzle. The query string is its state.

import { asking, json } from "./asking.js";
import { code, copied } from "./code.js";
import { guess } from "./guess.js";
import { Knobs } from "./knobs.js";
import { lined } from "./lines.js";
import { Pictures } from "./pictures.js";
import { playing } from "./playing.js";

/** @param {HTMLElement} section */
function start(section) {
  const state = JSON.parse(section.querySelector("[data-state]").textContent);
  const base = `/labs/${state.slug}`;
  const part = (name) => section.querySelector(`[data-${name}]`);
  const own = location.pathname === base;
  let answer = state.answer;
  let waiting = state.waiting;
  const open = section.classList.contains("open");
  let writing = 0;
  let goal = answer.puzzle?.prompt;

  const pictures = new Pictures(section, state.slug, {
    drag: (handle, value) => {
      const [name, place] = handle.split(".");
      if (place) knobs.setPart(name, Number(place) - 1, [value].flat().at(-1));
      else knobs.set(name, knobs.snap(name, ...[value].flat()));
    },
    table: async (id) => (await json(`${base}/tables?${knobs.query()}`))[id],
  });
  const player = playing(part("player"), pictures);
  const knobs = new Knobs(part("knobs"), state, moved);
  const ask = asking({ receive, fail, busy: (on) => section.classList.toggle("busy", on) });
  const refresh = code(part("code"), () => `${base}/code?${knobs.query()}`);

  function moved() {
    ask(`${base}/answer?${knobs.query()}`);
  }

  async function receive(next, settled) {
    knobs.mistakes(next.mistakes);
    section.classList.toggle("mistaken", Object.keys(next.mistakes).length > 0);
    if (!next.figures) return; // a mistake: the last good picture stays
    if (next.grid !== answer.grid) knobs.take(await json(`${base}/knobs?${new URLSearchParams(next.values)}`));
    const turned = state.by !== null && next.values[state.by] !== answer.values[state.by];
    answer = next;
    if (turned) await turn(answer.values[state.by]);
    await pictures.show(answer.figures);
    if (settled) {
      knobs.show(answer.values);
      remember();
      refresh();
    }
    tell();
    section.dispatchEvent(new CustomEvent("drawn", { detail: { settled } }));
  }

  function tell() {
    part("failure").hidden = true;
    knobs.limits(answer.limits);
    knobs.rest(answer.idle);
    part("notes").replaceChildren(...answer.notes.map((note) => Object.assign(document.createElement("li"), { textContent: note })));
    write(part("caption"), waiting ? "" : answer.caption);
    player.follow(answer.figures, waiting && !open);
    if (!waiting) lined(part("lines"), answer.lines);
    const puzzle = answer.puzzle;
    if (part("puzzle")) part("puzzle").hidden = !puzzle;
    if (!puzzle) return;
    part("solved").hidden = !puzzle.solved;
    write(part("solved"), puzzle.text);
    part("progress").hidden = puzzle.solved;
    part("progress").textContent = `${puzzle.met} of ${puzzle.of} conditions hold.`;
    if (puzzle.prompt === goal) return;
    goal = puzzle.prompt;
    part("goal").textContent = goal;
    part("hint").textContent = puzzle.hint;
  }

  /** While the picture waits, only the prediction can be reached; while an open one does, also what it is asked by. */
  function rest(on) {
    if (open) {
      for (const [name, element] of knobs.knobs) element.inert = on && name !== state.by;
      return;
    }
    part("knobs").inert = on;
    section.querySelector(".large").inert = on;
  }

  /** Another question: its answer is laid out if it was given, else waited for. */
  async function turn(asked) {
    waiting = await foretold(asked);
    rest(waiting);
  }

  function remember() {
    if (!own) return;
    clearTimeout(writing);
    writing = setTimeout(() => history.replaceState(null, "", link()), 200);
  }

  function link() {
    const query = knobs.query();
    return query ? `${base}?${query}` : base;
  }

  function fail({ error, why, todo }) {
    const again = Object.assign(document.createElement("button"), { type: "button", textContent: "Try again" });
    again.addEventListener("click", moved);
    const strong = Object.assign(document.createElement("strong"), { textContent: `${error}.` });
    part("failure").replaceChildren(strong, ` ${why} ${todo} `, again);
    part("failure").hidden = false;
  }

  section.querySelector("[data-submit]").hidden = true;
  rest(waiting);
  const foretold = guess(section, state.slug, {
    fail,
    reveal() {
      waiting = false;
      rest(false);
      tell();
      player.play();
    },
  });
  part("reset").addEventListener("click", (event) => {
    event.preventDefault();
    knobs.replace("");
  });
  for (const preset of section.querySelectorAll("[data-preset]")) {
    preset.addEventListener("click", (event) => {
      event.preventDefault();
      knobs.replace(preset.dataset.preset);
      part("told").textContent = preset.title;
      const figure = section.querySelector(".large");
      if (figure.getBoundingClientRect().top < 0) figure.scrollIntoView({ block: "start" });
    });
  }
  const copy = part("copy");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const address = new URL(link(), location.origin).href;
    part("told").textContent = (await copied(address)) ? "The link is copied." : address;
  });
  ties(section);
  pictures.show(answer.figures).then(tell, fail);
}

/** Lights up a term with its control, and a control with its term. */
function ties(section) {
  for (const term of section.querySelectorAll("[data-term]")) {
    const knob = section.querySelector(`[data-knob="${term.dataset.term}"]`);
    for (const [one, other] of [[term, knob], [knob, term]]) {
      one?.addEventListener("pointerenter", () => other?.classList.add("lit"));
      one?.addEventListener("pointerleave", () => other?.classList.remove("lit"));
      one?.addEventListener("focusin", () => other?.classList.add("lit"));
      one?.addEventListener("focusout", () => other?.classList.remove("lit"));
    }
  }
}

/** Writes a text only when it changed, so that a live region speaks once. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

for (const section of document.querySelectorAll("[data-lab]")) start(section);
