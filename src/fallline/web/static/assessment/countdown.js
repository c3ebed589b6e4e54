// @ts-check
/** Time left, as the server last told it; shown here, decided there. No clock of this machine is read, only how long ago. */

const WARNINGS = [300, 60];

/** @param {HTMLElement} place @param {{told: (text: string) => void, over: () => void}} to */
export function countdown(place, { told, over }) {
  let end = Infinity;
  let ended = false;
  let last = Infinity;

  function show() {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    place.textContent = left === 0 ? "The time is over" : left > 120 ? `${Math.ceil(left / 60)} min left` : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`;
    for (const each of WARNINGS) if (left <= each && last > each && left > 0 && last !== Infinity) told(`${each / 60} ${each === 60 ? "minute" : "minutes"} left.`);
    last = left;
    if (left === 0 && !ended) {
      ended = true;
      over();
    }
  }

  setInterval(() => Number.isFinite(end) && show(), 1000);
  return (/** @type {number} */ left) => {
    end = performance.now() + left * 1000;
    if (left > 0) ended = false;
    show();
  };
}
