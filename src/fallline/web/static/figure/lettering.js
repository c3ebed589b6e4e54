// How much room words take, without a font to measure: the same table as `fallline.figures.lettering`, so that the page
// and the drawing made on the server place every label alike.

export const TICK = 12;
export const LABEL = 13;
export const TITLE = 15;
export const LEADING = 1.3;

/** Thousandths of an em → the characters that take it. @type {Record<number, string>} */
const ADVANCES = {
  250: "ijl",
  300: " !',.:I·ι",
  350: ";`t|",
  400: "()/[\\]fr",
  450: "{}⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉",
  500: "\"-^_–°∂τ",
  550: "*?ksx≤≥≈√⁻εζκ",
  600: "FJLacehnouvyzµβγδημνξοςυχ",
  650: "0123456789#$&EPRSTZbdgpqθλπρσ",
  700: "+<=>ABKVXY~−×±∇ΔαΛΣ",
  750: "CDGHU∞∑φ",
  800: "NOQψΩ",
  850: "wω",
  900: "m…",
  950: "M",
  1000: "%@W—→←",
};

const ADVANCE = new Map();
for (const [width, characters] of Object.entries(ADVANCES)) {
  for (const character of characters) ADVANCE.set(character.codePointAt(0), Number(width));
}
const UNKNOWN = 800;
const WIDE = 1050;

/**
 * Width of one line of text in pixels.
 * @param {string} text
 * @param {number} size
 */
export function measure(text, size) {
  let total = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    if (code >= 0x300 && code < 0x370) continue; // combining marks
    total += ADVANCE.get(code) ?? (code >= 0x1100 ? WIDE : UNKNOWN);
  }
  return (total * size) / 1000;
}

/**
 * Breaks text into lines no wider than a width, at spaces; what does not fit ends in an ellipsis.
 * @param {string} text
 * @param {number} size
 * @param {number} width
 * @param {number} most lines allowed
 * @returns {string[]}
 */
export function wrap(text, size, width, most = 3) {
  let lines = [];
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    const last = lines.length - 1;
    if (last >= 0 && measure(`${lines[last]} ${word}`, size) <= width) lines[last] = `${lines[last]} ${word}`;
    else lines.push(word);
  }
  if (lines.length > most) lines = [...lines.slice(0, most - 1), lines.slice(most - 1).join(" ")];
  return lines.map((line) => shorten(line, size, width));
}

/** Cuts a line that is too wide, and says so with an ellipsis. */
export function shorten(text, size, width) {
  if (measure(text, size) <= width) return text;
  let kept = [...text];
  while (kept.length > 0 && measure(`${kept.join("")}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept.join("").trimEnd()}…`;
}
