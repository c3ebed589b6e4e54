// Lines of equal value through a grid, by marching squares: the twin of `fallline.figures.contour`.

const [BOTTOM, RIGHT, TOP, LEFT] = [0, 1, 2, 3];
const SEGMENTS = {
  1: [[LEFT, BOTTOM]],
  2: [[BOTTOM, RIGHT]],
  3: [[LEFT, RIGHT]],
  4: [[RIGHT, TOP]],
  6: [[BOTTOM, TOP]],
  7: [[LEFT, TOP]],
  8: [[TOP, LEFT]],
  9: [[TOP, BOTTOM]],
  11: [[TOP, RIGHT]],
  12: [[RIGHT, LEFT]],
  13: [[RIGHT, BOTTOM]],
  14: [[BOTTOM, LEFT]],
};
const ACROSS = [
  [LEFT, TOP],
  [RIGHT, BOTTOM],
];
const ALONG = [
  [LEFT, BOTTOM],
  [RIGHT, TOP],
];

/**
 * The lines along which a grid takes one value, in grid units.
 * @param {Float64Array} values row by row, NaN where undefined
 * @param {number} nx
 * @param {number} ny
 * @param {number} level
 * @returns {[number, number][][]} column and row of every point; a closed line repeats its first
 */
export function contour(values, nx, ny, level) {
  /** @type {Map<number, number[]>} */
  const links = new Map();
  const link = (from, to) => {
    if (links.has(from)) links.get(from).push(to);
    else links.set(from, [to]);
  };
  for (let row = 0; row < ny - 1; row += 1) {
    for (let column = 0; column < nx - 1; column += 1) {
      for (const [first, second] of cell(values, nx, row, column, level)) {
        const a = edge(row, column, first, nx);
        const b = edge(row, column, second, nx);
        link(a, b);
        link(b, a);
      }
    }
  }
  return chains(links).map((chain) => chain.map((name) => crossing(values, nx, name, level)));
}

const NOTHING = [];

/** The pieces of line within one cell, as pairs of its sides. */
function cell(values, nx, row, column, level) {
  const at = row * nx + column;
  const [a, b, c, d] = [values[at], values[at + 1], values[at + nx + 1], values[at + nx]];
  const sum = a + b + c + d;
  if (Number.isNaN(sum)) return NOTHING;
  const kind = (a >= level ? 1 : 0) + (b >= level ? 2 : 0) + (c >= level ? 4 : 0) + (d >= level ? 8 : 0);
  if (kind === 0 || kind === 15) return NOTHING;
  if (kind === 5) return sum / 4 >= level ? ACROSS : ALONG;
  if (kind === 10) return sum / 4 >= level ? ALONG : ACROSS;
  return SEGMENTS[kind];
}

/** The number of a side of a cell: even numbers lie along a row, odd ones along a column. */
function edge(row, column, side, width) {
  if (side === BOTTOM || side === TOP) return 2 * ((row + (side === TOP ? 1 : 0)) * width + column);
  return 2 * (row * width + column + (side === RIGHT ? 1 : 0)) + 1;
}

/** Where a level crosses a side, in grid units. */
function crossing(values, nx, name, level) {
  const at = Math.floor(name / 2);
  const [row, column] = [Math.floor(at / nx), at % nx];
  const along = name % 2 === 0;
  const start = values[at];
  const share = (level - start) / (values[along ? at + 1 : at + nx] - start);
  return along ? [column + share, row] : [column, row + share];
}

/** Joins segments end to end; open lines first, then rings. */
function chains(links) {
  const names = [...links.keys()].sort((a, b) => a - b);
  const ends = names.filter((name) => links.get(name).length === 1);
  const result = [];
  for (const start of [...ends, ...names]) {
    if (links.get(start).length === 0) continue;
    const chain = [start];
    for (let here = start; links.get(here).length > 0; ) {
      const there = links.get(here).shift();
      const back = links.get(there);
      back.splice(back.indexOf(here), 1);
      chain.push(there);
      here = there;
    }
    result.push(chain);
  }
  return result;
}
