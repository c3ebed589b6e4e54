// Graphs: nodes in boxes with their names, or as dots; edges as thick as their weight, dashed where negative.
// The twin of `fallline.figures.svg_graph`.

import { element } from "./element.js";
import { LEADING, TICK, measure, wrap } from "./lettering.js";
import { polyline } from "./markers.js";

/** Edges, then nodes. */
export function drawGraph(graph, sheet) {
  const places = sheet.points(graph.x, graph.y);
  const boxes = nodeBoxes(graph, sheet);
  const heaviest = Math.max(0, ...graph.weights.map(Math.abs)) || 1;
  const elements = [];
  for (const [index, [first, last]] of graph.edges.entries()) {
    const [start, end] = free(places[first] ?? null, places[last] ?? null, graph, sheet);
    if (start === null || end === null || (start[0] === end[0] && start[1] === end[1])) continue;
    elements.push(edge(start, end, graph.weights[index], heaviest, boxes, sheet, graph.gap > 0));
  }
  if (graph.gap > 0) return elements;
  for (const [index, place] of places.entries()) {
    if (place !== null) elements.push(...node(place, graph.names[index] ?? "", boxes, graph.role, sheet));
  }
  return elements;
}

/** Both ends of an edge, moved out of the space that its nodes keep free. */
function free(start, end, graph, sheet) {
  if (!graph.gap || start === null || end === null) return [start, end];
  const gap = Math.abs(sheet.layout.x.place(graph.gap) - sheet.layout.x.place(0));
  const side = end[0] > start[0] ? gap : -gap;
  return [
    [start[0] + side, start[1]],
    [end[0] - side, end[1]],
  ];
}

/** Width and height of the boxes that hold every name; null if such boxes would touch. */
export function nodeBoxes(graph, sheet) {
  if (graph.gap > 0 || !graph.names.some(Boolean)) return null;
  const lines = graph.names.map((name) => wrap(name, TICK, 110, 2));
  const wide = Math.max(...lines.flat().map((line) => measure(line, TICK))) + 20;
  const tall = Math.max(...lines.map((name) => name.length)) * TICK * LEADING + 14;
  const places = sheet.points(graph.x, graph.y).filter((place) => place !== null);
  const [left, , right] = sheet.layout.box;
  for (const [index, [x, y]] of places.entries()) {
    if (x - wide / 2 < left - 10 || x + wide / 2 > right + 14) return null;
    const near = (other) => Math.abs(x - other[0]) < wide + 14 && Math.abs(y - other[1]) < tall + 6;
    if (places.slice(0, index).some(near)) return null;
  }
  return [wide, tall];
}

/** One edge. */
function edge(start, end, weight, heaviest, boxes, sheet, signed) {
  const weighed = weight !== undefined && weight !== null;
  const role = !signed || !weighed ? "muted" : weight < 0 ? "link" : "accent";
  const share = weighed ? Math.abs(weight) / heaviest : 0;
  const line = { class: "edge", d: edgePath(start, end, boxes), fill: "none", stroke: sheet.paint(role) };
  line["stroke-width"] = weighed ? 0.5 + 3 * share : 1.5;
  line["stroke-opacity"] = weighed ? 0.35 + 0.55 * share : 0.8;
  return element("path", weighed && weight < 0 ? { ...line, "stroke-dasharray": "4 3" } : line);
}

/** A straight edge; between boxes it starts and ends at their borders, with an arrowhead. */
function edgePath(start, end, boxes) {
  if (boxes === null) return polyline([start, end]);
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const share = Math.min(dx ? boxes[0] / 2 / Math.abs(dx) : Infinity, dy ? boxes[1] / 2 / Math.abs(dy) : Infinity);
  if (share >= 0.5) return polyline([start, end]);
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  const tail = [start[0] + dx * share, start[1] + dy * share];
  const tip = [end[0] - dx * share - 2 * ux, end[1] - dy * share - 2 * uy];
  const wing = (side) => [tip[0] - 7 * ux + side * 3.5 * uy, tip[1] - 7 * uy - side * 3.5 * ux];
  return polyline([tail, tip]) + polyline([wing(1), tip, wing(-1)]);
}

/** One node. */
function node(place, name, boxes, role, sheet) {
  const ring = { fill: sheet.paint("paper"), stroke: sheet.paint(role), "stroke-width": 1.5 };
  if (boxes === null) return [element("circle", { class: "node", cx: place[0], cy: place[1], r: 6, ...ring })];
  const [width, height] = boxes;
  const frame = { class: "node", x: place[0] - width / 2, y: place[1] - height / 2, width, height, rx: 6 };
  const lines = wrap(name, TICK, 110, 2);
  const first = place[1] - ((lines.length - 1) * TICK * LEADING) / 2 + TICK * 0.36;
  const words = { "text-anchor": "middle", "font-size": TICK, fill: sheet.paint("ink") };
  return [
    element("rect", { ...frame, ...ring }),
    ...lines.map((line, row) => element("text", { x: place[0], y: first + row * TICK * LEADING, ...words }, line)),
  ];
}
