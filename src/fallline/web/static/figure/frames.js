// Frames: what fields, areas and graphs show at a step of the player. The twin of `fallline.figures.frames`.

/** The characters of a picture from −1 to 1, as `fallline.runs.bench.shades` writes them. */
const SHADES = Array.from({ length: 92 }, (_, place) => String.fromCharCode(35 + place)).filter((each) => !"&<\\".includes(each));
const VALUES = new Map(SHADES.map((each, place) => [each, -1 + (2 * place) / (SHADES.length - 1)]));

/** Values per frame: a picture once shown is not read again, and its contour lines are known. */
const known = new Map();
const KEPT = 4000;

/** Whether a mark has frames. */
export const moves = (mark) => (mark.frames?.length ?? 0) > 0;

/** The figure as it stands at a step; null is the end. */
export function atStep(figure, step) {
  if (!figure.marks.some(moves)) return figure;
  return { ...figure, marks: figure.marks.map((mark) => (moves(mark) ? at(mark, step) : mark)) };
}

function at(mark, step) {
  const frame = mark.frames[step === null ? mark.frames.length - 1 : Math.min(step, mark.frames.length - 1)];
  if (mark.kind === "field") return { ...mark, values: unshaded(frame) };
  return mark.kind === "regions" ? { ...mark, cells: frame } : { ...mark, weights: frame };
}

/** Reads a picture: numbers from −1 to 1, null where there is none. */
export function unshaded(text) {
  if (!known.has(text)) {
    if (known.size >= KEPT) known.delete(known.keys().next().value);
    known.set(
      text,
      Array.from(text, (each) => VALUES.get(each) ?? null),
    );
  }
  return known.get(text);
}
