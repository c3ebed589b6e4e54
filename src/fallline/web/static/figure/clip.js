// The parts of a line that lie within a box (Liang and Barsky, 1984): the twin of `fallline.figures.clip`.

/** @typedef {[number, number]} Point */
/** @typedef {[number, number, number, number]} Box left, top, right, bottom */

/**
 * The pieces of a line inside a box; a null breaks the line, a point of its own stays a piece of one.
 * @param {(Point | null)[]} points
 * @param {Box} box
 * @returns {Point[][]}
 */
export function clip(points, box) {
  const pieces = [];
  let previous = null;
  let joined = false;
  for (const point of points) {
    if (point === null) {
      previous = null;
      joined = false;
      continue;
    }
    if (previous === null) {
      joined = inside(point, box);
      if (joined) pieces.push([point]);
    } else {
      const kept = segment(previous, point, box);
      if (kept !== null) {
        if (joined) pieces[pieces.length - 1].push(kept[1]);
        else pieces.push(kept);
      }
      joined = kept !== null && inside(point, box);
    }
    previous = point;
  }
  return pieces;
}

/** What a box leaves of one segment; null if nothing. */
function segment(start, end, box) {
  const dx = end[0] - start[0];
  const dy = end[1] - start[1];
  let first = 0;
  let last = 1;
  for (const [move, room] of [
    [-dx, start[0] - box[0]],
    [dx, box[2] - start[0]],
    [-dy, start[1] - box[1]],
    [dy, box[3] - start[1]],
  ]) {
    if (move === 0) {
      if (room < 0) return null;
    } else if (move < 0) first = Math.max(first, room / move);
    else last = Math.min(last, room / move);
  }
  if (first > last) return null;
  const at = (share) => [start[0] + share * dx, start[1] + share * dy];
  return [first === 0 ? start : at(first), last === 1 ? end : at(last)];
}

/** Whether a point lies in a box, its edge included. */
export function inside(point, box) {
  return box[0] <= point[0] && point[0] <= box[2] && box[1] <= point[1] && point[1] <= box[3];
}
