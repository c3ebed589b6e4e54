// Elements painted on a canvas: the same drawing as in SVG, for what changes too often for nodes.

/** Sizes a canvas for the screen's density and clears it. */
export function ready(canvas, width, height) {
  const density = Math.min(globalThis.devicePixelRatio || 1, 3);
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Runs a drawing inside a box. */
export function within(context, [left, top, right, bottom], drawing) {
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  drawing();
  context.restore();
}

/** Paints elements in order. @param {import("./element.js").Element[]} elements paths and circles */
export function paintElements(context, elements) {
  for (const { tag, attributes } of elements) {
    const path = tag === "circle" ? circle(attributes) : new Path2D(attributes.d);
    if (attributes.fill && attributes.fill !== "none") {
      context.globalAlpha = attributes["fill-opacity"] ?? 1;
      context.fillStyle = attributes.fill;
      context.fill(path);
    }
    if (!attributes.stroke) continue;
    context.globalAlpha = attributes["stroke-opacity"] ?? 1;
    context.strokeStyle = attributes.stroke;
    context.lineWidth = attributes["stroke-width"] ?? 1;
    context.lineJoin = attributes["stroke-linejoin"] ?? "miter";
    context.lineCap = attributes["stroke-linecap"] ?? "butt";
    context.setLineDash((attributes["stroke-dasharray"] ?? "").split(" ").filter(Boolean).map(Number));
    context.stroke(path);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/** The path of a circle. */
function circle({ cx, cy, r }) {
  const path = new Path2D();
  path.arc(cx, cy, r, 0, 2 * Math.PI);
  return path;
}
