// The player: reveals trails step by step; play, pause, step, scrub, speed, as a good audio player does.

dressed();

const WHOLE = 6; // seconds that a trail takes at speed 1
const SPEEDS = [0.5, 1, 2, 4];

/**
 * Makes a player.
 * @param {HTMLElement} host
 * @param {{steps: number, beat?: string, pictures: () => Iterable<{setStep: (step: number | null) => void}>, onStep?: (step: number) => void}} options
 */
export const player = (host, options) => new Player(host, options);

export class Player {
  constructor(host, options) {
    Object.assign(this, { host, options, steps: options.steps, step: options.steps, speed: 1, frame: 0, exact: 0 });
    host.classList.add("figure-player");
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", "Player of the steps");
    this.back = control("Step back", "M11 3L5 8l6 5zM4 3v10");
    this.go = control("Play", PLAY);
    this.forth = control("Step forward", "M5 3l6 5-6 5zM12 3v10");
    this.range = document.createElement("input");
    Object.assign(this.range, { type: "range", min: "0", step: "1" });
    this.range.setAttribute("aria-label", "Step");
    this.count = document.createElement("output");
    this.count.className = "figure-count";
    this.pace = document.createElement("button");
    Object.assign(this.pace, { type: "button", className: "figure-button" });
    host.replaceChildren(this.back, this.go, this.forth, this.range, this.count, this.pace);
    this.back.addEventListener("click", () => this.move(-1));
    this.forth.addEventListener("click", () => this.move(1));
    this.go.addEventListener("click", () => this.toggle());
    this.range.addEventListener("input", () => this.scrub(Number(this.range.value)));
    this.pace.addEventListener("click", () => this.faster());
    host.addEventListener("keydown", (event) => this.key(event));
    this.setSpeed(1);
    this.show();
  }

  get playing() {
    return this.frame !== 0;
  }

  /** Another length, for another run; stands at the end unless it was under way. @param {number} steps */
  setSteps(steps) {
    const whole = this.step >= this.steps;
    this.steps = steps;
    this.step = whole ? steps : Math.min(this.step, steps);
    this.show();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Plays from here; from the start when at the end. */
  play() {
    if (this.playing || this.steps === 0) return;
    if (this.step >= this.steps) this.step = 0;
    this.exact = this.step;
    let before = performance.now();
    const next = (now) => {
      this.exact += (((now - before) / 1000) * this.speed * this.steps) / WHOLE;
      before = now;
      this.step = Math.min(Math.floor(this.exact), this.steps);
      this.frame = this.step < this.steps ? requestAnimationFrame(next) : 0;
      this.show();
    };
    this.frame = requestAnimationFrame(next);
    this.show();
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.show();
  }

  move(by) {
    this.scrub(this.step + by);
  }

  /** Goes to a step and stays there. */
  scrub(step) {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.step = Math.min(Math.max(step, 0), this.steps);
    this.show();
  }

  faster() {
    this.setSpeed(SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length]);
  }

  setSpeed(speed) {
    this.speed = speed;
    const word = speed === 0.5 ? "½" : String(speed);
    this.pace.textContent = `${word}×`;
    this.pace.setAttribute("aria-label", `Speed ${word} times`);
  }

  /** Space plays and pauses, arrow keys step (with Shift by ten), Home and End go to the ends. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    const moves = { ArrowRight: far, ArrowUp: far, ArrowLeft: -far, ArrowDown: -far, Home: -Infinity, End: Infinity };
    if (event.key === " " && event.target.tagName !== "BUTTON") this.toggle();
    else if (event.key in moves) this.move(moves[event.key]);
    else return;
    event.preventDefault();
  }

  /** Shows where it stands: on the controls, and on the figures. */
  show() {
    const { step, steps } = this;
    for (const picture of this.options.pictures()) picture.setStep(step >= steps ? null : step);
    this.range.max = String(steps);
    this.range.value = String(step);
    this.range.style.setProperty("--played", steps > 0 ? String(step / steps) : "0");
    const text = this.options.moment?.(step) ?? `${this.options.beat ?? "step"} ${step} of ${steps}`;
    this.count.textContent = text;
    this.count.setAttribute("aria-live", this.playing ? "off" : "polite");
    this.range.setAttribute("aria-valuetext", text);
    set(this.go, this.playing ? "Pause" : "Play", this.playing ? PAUSE : PLAY);
    this.options.onStep?.(step);
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.host.replaceChildren();
  }
}

const PLAY = "M4 2.5l9 5.5-9 5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";
const SPACE = "http://www.w3.org/2000/svg";

/** Links the player's own styles, once. */
function dressed() {
  const href = new URL("player.css", import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}

/** A button with a drawn sign. */
function control(label, sign) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "figure-control" });
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SPACE, "path"));
  button.append(svg);
  set(button, label, sign);
  return button;
}

/** Names a control and draws its sign. */
function set(button, label, sign) {
  if (button.getAttribute("aria-label") === label) return;
  button.setAttribute("aria-label", label);
  button.title = label;
  button.querySelector("path").setAttribute("d", sign);
}
