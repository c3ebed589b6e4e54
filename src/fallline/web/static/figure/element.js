// One node of a drawing: made as plain data, then turned into SVG nodes or written as text.

import { p } from "./markers.js";

/** @typedef {{tag: string, attributes: Record<string, string | number>, text: string, children: Element[]}} Element */

const SPACE = "http://www.w3.org/2000/svg";

/** @returns {Element} */
export const element = (tag, attributes = {}, text = "", children = []) => ({ tag, attributes, text, children });

/** Numbers to a hundredth of a pixel. */
const clean = (value) => (typeof value === "number" ? p(value) : value);

/** Makes the SVG node. @param {Element} made */
export function node(made) {
  const result = document.createElementNS(SPACE, made.tag);
  for (const [name, value] of Object.entries(made.attributes)) result.setAttribute(name, clean(value));
  if (made.text) result.textContent = made.text;
  for (const child of made.children) result.append(node(child));
  return result;
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const escape = (text) => text.replace(FORBIDDEN, "").replace(/[&<>"]/g, (found) => ESCAPES[found]);

/** Writes the element and all in it as XML. @param {Element} made */
export function write(made) {
  const named = Object.entries(made.attributes).map(([name, value]) => ` ${name}="${escape(clean(value))}"`);
  const inner = escape(made.text) + made.children.map(write).join("");
  return inner ? `<${made.tag}${named.join("")}>${inner}</${made.tag}>` : `<${made.tag}${named.join("")}/>`;
}
