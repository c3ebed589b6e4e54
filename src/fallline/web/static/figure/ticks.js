// The few round numbers an axis is read by, and how they are written: the twin of `fallline.figures.ticks`.
// Talbot, Lin and Hanrahan (2010), "An Extension of Wilkinson's Algorithm for Positioning Tick Labels on Axes".

const STEPS = [1, 5, 2, 2.5, 4, 3];
const SIMPLICITY = 0.25;
const COVERAGE = 0.2;
const DENSITY = 0.5;
const LEGIBILITY = 0.05;
const MOST_SKIPS = 6;
const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/**
 * Round numbers within a range, about as many as asked for.
 * @param {number} low
 * @param {number} high greater than low
 * @param {number} count
 * @returns {number[]}
 */
export function ticks(low, high, count = 5) {
  const shift = exponentOf(Math.max(Math.abs(low), Math.abs(high)));
  if (Math.abs(shift) > 100) {
    const half = powerOfTen(-Math.floor(shift / 2));
    const rest = powerOfTen(Math.floor(shift / 2) - shift);
    return ticks(low * half * rest, high * half * rest, count)
      .map((tick) => tidy(tick / half / rest))
      .filter((place) => low <= place && place <= high);
  }
  const slack = (high - low) * 1e-9;
  let inside = [];
  for (let wanted = Math.max(2, count); wanted < Math.max(2, count) + 8 && inside.length < 2; wanted += 1) {
    const [start, step, number] = best(low, high, wanted); // it may reach beyond both ends: then ask for more
    const places = Array.from({ length: number }, (_, index) => tidy((start + index) * step) + 0);
    inside = places.filter((place) => low - slack <= place && place <= high + slack);
  }
  return inside;
}

/** Searches the candidates: first tick in steps, step, number of ticks. */
function best(low, high, count) {
  let top = -2;
  let found = [0, high - low, 2];
  for (let skip = 1; skip < MOST_SKIPS; skip += 1) {
    for (const [rank, unit] of STEPS.entries()) {
      const simple = 1 - rank / (STEPS.length - 1) - skip + 1;
      if (SIMPLICITY * simple + COVERAGE + DENSITY + LEGIBILITY < top) return found;
      for (let number = 2; number < 2 * count + 4; number += 1) {
        const dense = 2 - Math.max((number - 1) / (count - 1), (count - 1) / (number - 1));
        if (SIMPLICITY * simple + COVERAGE + DENSITY * Math.min(dense, 1) + LEGIBILITY < top) continue;
        for (const [start, step] of candidates(low, high, skip * unit, number, skip)) {
          const first = start * step;
          const last = (start + number * skip - skip) * step;
          const zero = start % skip === 0 && first <= 0 && 0 <= last ? 1 : 0;
          const ratio = (((number - 1) / (count - 1)) * (high - low)) / (last - first);
          const density = 2 - Math.max(ratio, 1 / ratio);
          const score =
            SIMPLICITY * (simple - 1 + zero) + COVERAGE * coverage(low, high, first, last) + DENSITY * density + LEGIBILITY;
          if (score > top + 1e-12) {
            top = score;
            found = [Math.floor(start / skip), step * skip, number];
          }
        }
      }
    }
  }
  return found;
}

/** Starts (in steps) and steps of the ladders of one shape that could cover the range. */
function* candidates(low, high, unit, number, skip) {
  const power = Math.ceil(Math.log10((high - low) / (number + 1) / unit));
  for (const exponent of [power, power + 1]) {
    const step = unit * powerOfTen(exponent);
    const first = Math.floor(high / step) - (number - 1);
    const last = Math.ceil(low / step);
    for (let whole = Math.min(first, last); whole <= Math.max(first, last); whole += 1) yield [whole * skip, step / skip];
  }
}

/** How well ticks from first to last cover a range; 1 at best. */
function coverage(low, high, first, last) {
  const span = 0.1 * (high - low);
  return 1 - 0.5 * (((high - last) / span) ** 2 + ((low - first) / span) ** 2);
}

/** Round numbers within a positive range, evenly spread in logarithm. */
export function logTicks(low, high, count = 5) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first >= 2 || (last - first === 1 && count <= 3)) {
    const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(count, 2)));
    const places = [];
    for (let power = first; power <= last; power += 1) if (power % every === 0) places.push(powerOfTen(power));
    return places.length >= 2 ? places : [powerOfTen(first), powerOfTen(last)];
  }
  const mixed = [];
  for (let power = first - 1; power <= last; power += 1) {
    for (const unit of [1, 2, 5]) mixed.push(tidy(unit * powerOfTen(power)));
  }
  const inside = mixed.filter((place) => low * (1 - 1e-9) <= place && place <= high * (1 + 1e-9));
  return inside.length >= 2 ? inside : ticks(low, high, count).filter((place) => place > 0);
}

/** Writes ticks alike: as many decimals as they need, powers of ten where they are very large or very small. */
export function labels(places) {
  const size = Math.max(0, ...places.map(Math.abs));
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return places.map((place) => scientific(place, exponentOf(size)));
  return places.map(plain);
}

/** Writes the ticks of a log axis. */
export function logLabels(places) {
  if (places.every((place) => 1e-3 <= place && place <= 1e4)) return places.map(plain);
  return places.map((place) => scientific(place, exponentOf(place)));
}

/**
 * Writes one number for reading: a few significant digits, a true minus, thousands set apart.
 * @param {number | string | null | undefined} value
 */
export function number(value, digits = 4) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "undefined" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const short = Number(value.toExponential(digits - 1));
  if (value === 0 || (1e-4 <= size && size < 1e6)) return plain(size >= 10 ** digits ? Math.round(value) : short);
  return scientific(short, exponentOf(value));
}

/** Writes a number without an exponent. */
export function plain(value) {
  const [whole, part = ""] = Math.abs(value).toFixed(10).split(".");
  const decimals = part.replace(/0+$/, "");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals ? `.${decimals}` : "");
  return value < 0 && text !== "0" ? `−${text}` : text;
}

/** Writes a number as a multiple of a power of ten. */
function scientific(value, power) {
  if (value === 0) return "0";
  const mantissa = plain(tidy(value / powerOfTen(power), 6));
  const tail = `10${[...String(power)].map((digit) => RAISED[digit]).join("")}`;
  return mantissa === "1" ? tail : mantissa === "−1" ? `−${tail}` : `${mantissa}×${tail}`;
}

/** The float nearest to a power of ten. */
export const powerOfTen = (power) => Number(`1e${power}`);

/** The power of ten of the first digit; 0 for zero. */
export const exponentOf = (value) => (value === 0 ? 0 : Number(Math.abs(value).toExponential(6).split("e")[1]));

/** Drops the last, noisy digits. */
export const tidy = (value, digits = 12) => Number(value.toPrecision(digits));
