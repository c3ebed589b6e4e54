// The shape of each role's points, as SVG paths: the twin of `fallline.figures.markers`.

/** Shapes that are strokes only. */
export const OPEN = ["cross", "plus"];
const CORNERS = { triangle: [3, 1.2, 1.2], diamond: [4, 1.2, 1.2], star: [10, 1.35, 0.6] };

/** A coordinate, to a hundredth of a pixel. */
export const p = (value) => {
  const text = String(Number(value.toFixed(2)));
  return text === "-0" ? "0" : text;
};

/**
 * The path of one mark; shapes are sized to look alike.
 * @param {string} shape
 */
export function marker(shape, x, y, radius) {
  if (shape === "circle") {
    const arc = `a${p(radius)} ${p(radius)} 0 1 0 `;
    return `M${p(x - radius)} ${p(y)}${arc}${p(2 * radius)} 0${arc}${p(-2 * radius)} 0Z`;
  }
  if (shape === "square") {
    const half = radius * 0.9;
    return `M${p(x - half)} ${p(y - half)}H${p(x + half)}V${p(y + half)}H${p(x - half)}Z`;
  }
  if (shape === "plus") {
    const arm = radius * 1.1;
    return `M${p(x - arm)} ${p(y)}H${p(x + arm)}M${p(x)} ${p(y - arm)}V${p(y + arm)}`;
  }
  if (shape === "cross") {
    const arm = radius * 0.85;
    return `M${p(x - arm)} ${p(y - arm)}L${p(x + arm)} ${p(y + arm)}M${p(x + arm)} ${p(y - arm)}L${p(x - arm)} ${p(y + arm)}`;
  }
  const [corners, outer, inner] = CORNERS[shape];
  const places = [];
  for (let index = 0; index < corners; index += 1) {
    const turn = (2 * Math.PI * index) / corners - Math.PI / 2;
    const reach = radius * (index % 2 === 0 ? outer : inner);
    places.push(`${p(x + reach * Math.cos(turn))} ${p(y + reach * Math.sin(turn))}`);
  }
  return `M${places.join("L")}Z`;
}

/** The path of a line through points. @param {[number, number][]} points */
export const polyline = (points) => `M${points.map(([x, y]) => `${p(x)} ${p(y)}`).join("L")}`;
