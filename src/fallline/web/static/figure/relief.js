// A field as a topographic map shows it: tint by height, light from the north-west, contour levels.
// The twin of `fallline.figures.relief`; Horn (1981), "Hill Shading and the Reflectance Map".

import { ZERO } from "./palettes.js";
import { powerOfTen, ticks } from "./ticks.js";

const SMALL = 1e-4;
const GENTLE = 0.02;
const FAINT = 0.1;
const LIGHT = [-0.5, 0.5, Math.sqrt(0.5)];

/**
 * @typedef {object} Heights
 * @property {Float64Array} values NaN where undefined
 * @property {Float64Array} shares from 0 (lowest) to 1 (highest)
 * @property {Float64Array} slopes the same for the light
 * @property {number} low
 * @property {number} high
 */

/**
 * Reads the values of a field; null where there is nothing to draw.
 * @param {object} field
 * @returns {Heights | null}
 */
export function heights(field) {
  if (field.nx < 2 || field.ny < 2 || field.values.length !== field.nx * field.ny) return null;
  const values = Float64Array.from(field.values, (value) =>
    typeof value === "number" && Number.isFinite(value) ? value : NaN,
  );
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  if (field.frames?.length > 0) {
    [low, high] = [-1, 1]; // one scale for all steps
  } else if (ZERO.has(field.palette)) {
    high = Math.max(Math.abs(low), Math.abs(high));
    low = -high;
  }
  const shares = sharesOf(values, low, high, field.log ? SMALL : 0);
  return { values, shares, slopes: sharesOf(values, low, high, field.log ? GENTLE : 0), low, high };
}

/** Where values lie between low and high, from 0 to 1; a bend above 0 makes them logarithmic above that share. */
function sharesOf(values, low, high, bend) {
  const span = high / 2 - low / 2;
  if (span <= 0) return values.map((value) => (Number.isNaN(value) ? NaN : 0));
  const shares = values.map((value) => (value / 2 - low / 2) / span);
  return bend ? shares.map((share) => Math.log1p(share / bend) / Math.log1p(1 / bend)) : shares;
}

/** The darkness of every point of the map, 0 (in full light) to 1. */
export function shadow(slopes, nx, ny) {
  let most = -Infinity;
  for (const share of slopes) if (share > most) most = share;
  const filled = smoothed(
    slopes.map((share) => (Number.isNaN(share) ? most : share)),
    nx,
    ny,
  );
  const [down, across] = gradient(filled, nx, ny);
  const steep = down.map((value, at) => Math.hypot(value, across[at])).sort();
  const quartile = steep[Math.floor((3 * steep.length) / 4)];
  const scale = quartile > 0 ? 1 / quartile : 0;
  return down.map((value, at) => {
    const [v, u] = [value * scale, across[at] * scale];
    const bright = (-u * LIGHT[0] - v * LIGHT[1] + LIGHT[2]) / Math.sqrt(v * v + u * u + 1);
    return Math.min(Math.max((1 - FAINT - bright) / (1 - FAINT), 0), 1);
  });
}

/** Rounds off creases that the grid is too coarse to draw: binomial weights 1, 2, 1, three times each way. */
function smoothed(shares, nx, ny) {
  let [from, to] = [Float64Array.from(shares), new Float64Array(shares.length)];
  for (let round = 0; round < 3; round += 1) {
    for (const [count, step, lines, stride] of [
      [ny, nx, nx, 1],
      [nx, 1, ny, nx],
    ]) {
      for (let line = 0; line < lines; line += 1) {
        for (let at = 0; at < count; at += 1) {
          const here = line * stride + at * step;
          const before = at > 0 ? here - step : here;
          const after = at < count - 1 ? here + step : here;
          to[here] = (from[before] + 2 * from[here] + from[after]) / 4;
        }
      }
      [from, to] = [to, from];
    }
  }
  return from;
}

/** Central differences, one-sided at the edges, per width of the map: down (by row) and across. */
function gradient(values, nx, ny) {
  const down = new Float64Array(values.length);
  const across = new Float64Array(values.length);
  for (let row = 0; row < ny; row += 1) {
    for (let column = 0; column < nx; column += 1) {
      const at = row * nx + column;
      const [up, low] = [row < ny - 1 ? at + nx : at, row > 0 ? at - nx : at];
      const [right, left] = [column < nx - 1 ? at + 1 : at, column > 0 ? at - 1 : at];
      down[at] = ((values[up] - values[low]) / ((up - low) / nx)) * (ny - 1);
      across[at] = ((values[right] - values[left]) / (right - left)) * (nx - 1);
    }
  }
  return [down, across];
}

/** How strongly the valley tint is laid on at a share. */
export const tint = (share) => (1 - share) ** 1.5;

/**
 * Contour levels; true marks the heavier ones, which carry their value.
 * @returns {[number, boolean][]}
 */
export function levels(field, map) {
  if (field.levels.length > 0) {
    return [...field.levels].sort((a, b) => a - b).map((level, index) => [level, index % 4 === 0]);
  }
  const span = map.high - map.low;
  if (!(span > 0 && span < Infinity)) return [];
  if (ZERO.has(field.palette)) return [[0, true]];
  if (!field.log) {
    return ticks(map.low, map.high, 12)
      .map((place, index) => [place, index % 4 === 2])
      .filter(([place]) => map.low < place && place < map.high);
  }
  const top = Math.floor(Math.log10(span));
  const found = [];
  for (let power = top - 3; power <= top; power += 1) {
    for (const unit of [1, 2, 5]) {
      const step = unit * powerOfTen(power);
      if (SMALL * span < step && step < span) found.push([map.low + step, unit === 1]);
    }
  }
  return found;
}
