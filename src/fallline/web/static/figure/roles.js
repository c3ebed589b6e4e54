// Colours by role: `fallline.figures.roles` for the page. A test holds the two together.

/** @typedef {{light: string, dark: string, dash: number[], marker: string}} Role */

/** @type {Record<string, Role>} */
export const ROLES = {
  ink: { light: "#1C2430", dark: "#E8E6E1", dash: [], marker: "circle" },
  muted: { light: "#566072", dark: "#A3ACBA", dash: [4, 3], marker: "circle" },
  accent: { light: "#B4400F", dark: "#FF8A4C", dash: [], marker: "circle" },
  link: { light: "#0B5CAD", dark: "#7DB7F5", dash: [], marker: "circle" },
  good: { light: "#2F7D32", dark: "#7BD17F", dash: [], marker: "circle" },
  warning: { light: "#8A6D00", dark: "#E8C547", dash: [6, 3], marker: "triangle" },
  bad: { light: "#B3261E", dark: "#FF8A80", dash: [2, 3], marker: "cross" },
  train: { light: "#1C2430", dark: "#E8E6E1", dash: [6, 3], marker: "square" },
  validation: { light: "#0B5CAD", dark: "#7DB7F5", dash: [], marker: "circle" },
  test: { light: "#B4400F", dark: "#FF8A4C", dash: [2, 2], marker: "diamond" },
  gd: { light: "#4A5568", dark: "#B8C0CC", dash: [], marker: "circle" },
  momentum: { light: "#0072B2", dark: "#56B4E9", dash: [8, 3], marker: "square" },
  nesterov: { light: "#00857C", dark: "#3CC8BC", dash: [8, 3, 2, 3], marker: "triangle" },
  adagrad: { light: "#8A6D00", dark: "#E8C547", dash: [3, 3], marker: "diamond" },
  rmsprop: { light: "#A8447C", dark: "#E79AC4", dash: [6, 2, 2, 2], marker: "plus" },
  adam: { light: "#C2410C", dark: "#FF8A4C", dash: [], marker: "star" },
  adamw: { light: "#7C3AED", dark: "#B79CF7", dash: [10, 3], marker: "cross" },
  "second-order": { light: "#2F7D32", dark: "#7BD17F", dash: [12, 3, 3, 3], marker: "square" },
  "basin-1": { light: "#0072B2", dark: "#56B4E9", dash: [], marker: "circle" },
  "basin-2": { light: "#8A6D00", dark: "#E8C547", dash: [], marker: "square" },
  "basin-3": { light: "#00857C", dark: "#3CC8BC", dash: [], marker: "triangle" },
  "basin-4": { light: "#A8447C", dark: "#E79AC4", dash: [], marker: "diamond" },
  "basin-5": { light: "#7C3AED", dark: "#B79CF7", dash: [], marker: "star" },
  "basin-6": { light: "#7A4B2A", dark: "#C99A78", dash: [], marker: "plus" },
  constant: { light: "#4A5568", dark: "#B8C0CC", dash: [], marker: "circle" },
  step: { light: "#0072B2", dark: "#56B4E9", dash: [8, 3], marker: "square" },
  exponential: { light: "#00857C", dark: "#3CC8BC", dash: [3, 3], marker: "triangle" },
  cosine: { light: "#C2410C", dark: "#FF8A4C", dash: [], marker: "diamond" },
  warmup_cosine: { light: "#7C3AED", dark: "#B79CF7", dash: [10, 3], marker: "plus" },
  one_cycle: { light: "#A8447C", dark: "#E79AC4", dash: [6, 2, 2, 2], marker: "star" },
  logistic: { light: "#0072B2", dark: "#56B4E9", dash: [], marker: "square" },
  boosting: { light: "#2F7D32", dark: "#7BD17F", dash: [8, 3], marker: "triangle" },
  mlp: { light: "#A8447C", dark: "#E79AC4", dash: [3, 3], marker: "diamond" },
  baseline: { light: "#566072", dark: "#A3ACBA", dash: [2, 3], marker: "cross" },
  fallline: { light: "#B4400F", dark: "#FF8A4C", dash: [], marker: "circle" },
  optuna: { light: "#0072B2", dark: "#56B4E9", dash: [8, 3], marker: "square" },
  random: { light: "#4A5568", dark: "#B8C0CC", dash: [3, 3], marker: "cross" },
  torch: { light: "#C2410C", dark: "#FF8A4C", dash: [6, 3], marker: "triangle" },
  keras: { light: "#7C3AED", dark: "#B79CF7", dash: [10, 3], marker: "diamond" },
};

/** @param {string} name */
export const look = (name) => ROLES[name] ?? ROLES.ink;
