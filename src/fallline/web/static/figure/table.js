// The numbers behind a figure: as a table on the page and as CSV.

import { number } from "./ticks.js";

/** @typedef {{columns: string[], rows: (string | number | null)[][]}} DataTable */

const MOST = 1000;

/**
 * Makes the table of a figure.
 * @param {DataTable} data
 * @param {string} title
 */
export function tableNode(data, title) {
  const table = document.createElement("table");
  const caption = table.createCaption();
  const rest = data.rows.length - MOST;
  caption.textContent = rest > 0 ? `${title}. The first ${MOST} rows; ${rest} more are in the CSV.` : title;
  const head = table.createTHead().insertRow();
  for (const name of data.columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of data.rows.slice(0, MOST)) {
    const line = body.insertRow();
    for (const [index, value] of row.entries()) {
      const cell = index === 0 ? document.createElement("th") : document.createElement("td");
      if (index === 0) cell.scope = "row";
      cell.textContent = typeof value === "number" ? number(value, 6) : (value ?? "–");
      if (typeof value === "number") cell.className = "figure-number";
      line.append(cell);
    }
  }
  return table;
}

/** The table as CSV (RFC 4180), numbers in full; text that a spreadsheet would run as a formula is quoted from it. */
export function csv(data) {
  return [data.columns, ...data.rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** One cell. */
function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
