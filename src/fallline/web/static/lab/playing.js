// The player of a lab: one step for all its figures.

import { player } from "../figure/player.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {HTMLElement | null} host
 * @param {import("./pictures.js").Pictures} pictures
 */
export function playing(host, pictures) {
  let made = null;
  let moments = [];

  return {
    /** Follows the run that is shown: as long as its trails; at their start while a prediction is waited for. */
    follow(figures, waiting) {
      const steps = Math.max(0, ...figures.map((figure) => figure.steps));
      if (!host || steps === 0) return;
      const beat = figures.find((figure) => figure.steps === steps).beat;
      moments = figures.find((figure) => figure.moments?.length > steps)?.moments ?? [];
      const moment = (step) => moments[step];
      if (made === null) made = player(host, { steps, beat, moment, pictures: () => pictures.drawn.values() });
      else made.setSteps(steps);
      host.hidden = waiting;
      if (waiting) made.scrub(0);
    },

    /** Plays from the start, unless the reader wants no motion. */
    play() {
      if (made === null) return;
      made.scrub(still.matches ? made.steps : 0);
      if (!still.matches) made.play();
    },
  };
}
