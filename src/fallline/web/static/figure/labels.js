// Places for words beside what they name, so that none covers another: the twin of `fallline.figures.labels`.

import { LEADING, measure } from "./lettering.js";

/** @typedef {"start" | "middle" | "end"} Align */
/** @typedef {{lines: string[], role: string, x: number, y: number, size: number, places: [number, number, Align][]}} Wish */
/** @typedef {{wish: Wish, x: number, y: number, align: Align, box: number[], leader: boolean}} Placed */

/** @type {[number, number, Align][]} */
export const AROUND = [
  [1, 0, "start"],
  [0.75, -0.8, "start"],
  [0.75, 0.8, "start"],
  [-1, 0, "end"],
  [-0.75, -0.8, "end"],
  [-0.75, 0.8, "end"],
  [0, -1, "middle"],
  [0, 1, "middle"],
];
const RINGS = [10, 20, 34, 50, 70, 92];
const LEADER = 30;
const NEAR = 40;

/** @returns {Wish} */
export const wish = (lines, role, x, y, size, places = []) => ({ lines, role, x, y, size, places });

/** Places around a point, ring by ring. */
function around(wanted) {
  const half = (wanted.lines.length * wanted.size * LEADING) / 2;
  return RINGS.flatMap((ring) =>
    AROUND.map(([dx, dy, align]) => [wanted.x + dx * ring, wanted.y + dy * (ring + half - 4), align, ring]),
  );
}

/** The room that a label takes when the middle of its left end (start), right end or centre lies at a place. */
export function boxOf(wanted, x, y, align) {
  const wide = Math.max(0, ...wanted.lines.map((line) => measure(line, wanted.size)));
  const half = (wanted.lines.length * wanted.size * LEADING) / 2;
  const left = x - (align === "start" ? 0 : align === "end" ? wide : wide / 2);
  return [left, y - half, left + wide, y + half];
}

/**
 * Places labels, each clear of those before it, rather across a line nearby than far away; one without a place is left out.
 * @param {Wish[]} wishes in order of importance
 * @param {number[][]} taken where nothing may be written
 * @param {number[][]} dots points and line ends, covered only when no other place is left
 * @param {number[][]} lines beads along lines, covered when no place near by is clear of them
 * @param {number[]} bounds where labels must stay
 * @returns {Placed[]}
 */
export function place(wishes, taken, dots, lines, bounds) {
  const full = [...taken];
  const result = [];
  for (const wanted of wishes) {
    const options = wanted.places.length > 0 ? wanted.places.map((at) => [...at, 0]) : around(wanted);
    const near = options.filter((option) => option[3] < NEAR);
    const found =
      firstFree(wanted, near, [...full, ...dots, ...lines], bounds) ??
      firstFree(wanted, near, [...full, ...dots], bounds) ??
      firstFree(wanted, options, [...full, ...dots], bounds) ??
      firstFree(wanted, options, full, bounds);
    if (found !== null) {
      result.push(found);
      full.push(found.box);
    }
  }
  return result;
}

/** The first place where a label fits and covers nothing. */
function firstFree(wanted, options, full, bounds) {
  for (const [x, y, align, ring] of options) {
    const box = boxOf(wanted, x, y, align);
    if (!within(box, bounds) || full.some((other) => overlap(box, other))) continue;
    return { wish: wanted, x, y, align, box, leader: ring > LEADER };
  }
  return null;
}

/** Whether two boxes share any room. */
export const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

const within = (box, bounds) =>
  box[0] >= bounds[0] && box[1] >= bounds[1] && box[2] <= bounds[2] && box[3] <= bounds[3];

/**
 * Moves labels along a line until none overlaps, each as near as can be to where it wants to be.
 * @param {number[]} wanted middles, in any order
 * @param {number[]} sizes lengths along the line
 * @returns {(number | null)[]} middles; null for those the line has no room for
 */
export function stack(wanted, sizes, low, high) {
  let room = high - low;
  const keep = [];
  for (const [index, size] of sizes.entries()) {
    if (size > room) continue;
    keep.push(index);
    room -= size;
  }
  keep.sort((a, b) => wanted[a] - wanted[b] || a - b);
  const held = (middle, length) => Math.max(Math.min(middle, high - length / 2), low + length / 2);
  const blocks = [];
  for (const index of keep) {
    let block = { members: [index], length: sizes[index], middle: held(wanted[index], sizes[index]) };
    while (blocks.length > 0) {
      const before = blocks[blocks.length - 1];
      if (before.middle + before.length / 2 <= block.middle - block.length / 2 + 1e-9) break;
      blocks.pop();
      const members = [...before.members, ...block.members];
      const length = before.length + block.length;
      block = { members, length, middle: held(meanMiddle(members, wanted, sizes), length) };
    }
    blocks.push(block);
  }
  const result = wanted.map(() => null);
  for (const block of blocks) {
    let start = block.middle - block.length / 2;
    for (const index of block.members) {
      result[index] = start + sizes[index] / 2;
      start += sizes[index];
    }
  }
  return result;
}

/** The middle of a block at which its members are, on average, where they want to be. */
function meanMiddle(members, wanted, sizes) {
  const length = members.reduce((sum, index) => sum + sizes[index], 0);
  let [start, total] = [0, 0];
  for (const index of members) {
    total += wanted[index] - (start + sizes[index] / 2) + length / 2;
    start += sizes[index];
  }
  return total / members.length;
}
