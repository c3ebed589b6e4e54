// Palettes of fields, as explicit stops from the lowest value to the highest; and what a map is drawn with.

export const VIRIDIS = [
  "#440154", "#481a6c", "#472f7d", "#414487", "#39568c", "#31688e", "#2a788e", "#23888e",
  "#1f988b", "#22a884", "#35b779", "#54c568", "#7ad151", "#a5db36", "#d2e21b", "#fde725",
];

export const CIVIDIS = [
  "#00224e", "#002d6c", "#14396d", "#30466b", "#44526b", "#555f6d", "#656b70", "#747875",
  "#838579", "#929277", "#a39f75", "#b4ad70", "#c6bc69", "#d9cb5e", "#ecda4f", "#fee838",
];

export const DIVERGING = [
  "#0b4a8f", "#2b6cb0", "#5a93c9", "#92b9dd", "#c8dcee", "#f7f6f2", "#f8ddbd", "#f2b877",
  "#e08c3a", "#c2620c", "#8f4303",
];

/** @type {Record<string, string[]>} */
export const PALETTES = { viridis: VIRIDIS, cividis: CIVIDIS, diverging: DIVERGING, quiet: DIVERGING.slice(2, 9) };

/** Palettes with zero in their middle, and a line there. */
export const ZERO = new Set(["diverging", "quiet"]);

/** Heights, valleys, shadows, contour lines, on light and on dark paper. */
export const RELIEF = {
  "relief-high": ["#F7F4EA", "#232B37"],
  "relief-low": ["#A9CBC9", "#0F3B44"],
  "relief-shade": ["#4A5560", "#04070B"],
  contour: ["#8C7350", "#8796AA"],
};

/** @param {string} colour as in "#1c2430" */
export const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/**
 * The colour at a share from 0 to 1, linearly between stops.
 * @param {number[][]} stops channels of each stop
 * @param {number} share
 * @returns {number[]} red, green, blue
 */
export function colourAt(stops, share) {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const below = Math.min(Math.floor(place), stops.length - 2);
  const part = place - below;
  return stops[below].map((value, channel) => Math.floor(value * (1 - part) + stops[below + 1][channel] * part + 0.5));
}
