// The line under a figure: its data table (key T) and its files, by pointer and keyboard.

import { csv, tableNode } from "./table.js";
import { hand, png } from "./save.js";

export class Tools {
  /**
   * @param {HTMLElement} host
   * @param {{table: () => Promise<object>, svg: () => string, figure: () => object, say: (text: string) => void}} figure
   */
  constructor(host, figure) {
    Object.assign(this, { host, figure });
    this.bar = made("div", "figure-tools");
    this.switch = button("Data table", "T");
    this.switch.setAttribute("aria-expanded", "false");
    this.switch.setAttribute("aria-keyshortcuts", "T");
    this.save = button("Save");
    this.save.setAttribute("aria-expanded", "false");
    this.menu = made("div", "figure-menu");
    this.menu.hidden = true;
    for (const kind of ["SVG", "PNG", "CSV"]) {
      const item = button(kind);
      item.addEventListener("click", () => this.file(kind));
      this.menu.append(item);
    }
    this.bar.append(this.switch, this.save, this.menu);
    this.panel = made("div", "figure-table");
    this.panel.hidden = true;
    this.panel.tabIndex = 0;
    this.panel.setAttribute("role", "region");
    host.append(this.bar, this.panel);
    this.switch.addEventListener("click", () => this.toggle());
    this.save.addEventListener("click", () => this.open(this.menu.hidden));
    this.bar.addEventListener("keydown", (event) => this.key(event));
    this.bar.addEventListener("focusout", (event) => {
      if (!this.bar.contains(event.relatedTarget)) this.open(false);
    });
  }

  /** Shows or hides the data table. */
  async toggle(shown = this.panel.hidden) {
    this.switch.setAttribute("aria-expanded", String(shown));
    this.panel.hidden = !shown;
    if (shown) await this.fill();
  }

  /** Writes the numbers into the table, if it is shown. */
  async fill() {
    if (this.panel.hidden) return;
    const { title } = this.figure.figure();
    this.panel.setAttribute("aria-label", `Data of: ${title}`);
    try {
      this.panel.replaceChildren(tableNode(await this.figure.table(), title));
    } catch {
      this.panel.textContent = "The numbers could not be fetched. Close the table and open it again.";
    }
  }

  /** Opens or closes the list of files. */
  open(shown) {
    this.menu.hidden = !shown;
    this.save.setAttribute("aria-expanded", String(shown));
    if (shown) this.menu.firstElementChild.focus();
  }

  /** Arrow keys move through the list, Escape closes it. */
  key(event) {
    if (this.menu.hidden) return;
    const items = [...this.menu.children];
    const at = items.indexOf(document.activeElement);
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") {
      this.open(false);
      this.save.focus();
    } else if (by && at >= 0) items[(at + by + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Saves the figure as a file. */
  async file(kind) {
    const { id } = this.figure.figure();
    try {
      if (kind === "CSV") hand(`${id}.csv`, new Blob([csv(await this.figure.table())], { type: "text/csv" }));
      else {
        const svg = this.figure.svg();
        const [width, height] = svg.match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/).slice(1).map(Number);
        const type = "image/svg+xml";
        hand(`${id}.${kind.toLowerCase()}`, kind === "SVG" ? new Blob([svg], { type }) : await png(svg, width, height));
      }
      this.figure.say(`${id}.${kind.toLowerCase()} saved.`);
    } catch {
      this.figure.say(`The figure could not be saved as ${kind}.`);
    }
    this.open(false);
    this.save.focus();
  }
}

/** An element with a class. */
function made(tag, name) {
  const node = document.createElement(tag);
  node.className = name;
  return node;
}

/** A quiet button, with the key that does the same. */
function button(text, key = "") {
  const node = made("button", "figure-button");
  node.type = "button";
  node.textContent = text;
  if (key) {
    const hint = document.createElement("kbd");
    hint.textContent = key;
    hint.setAttribute("aria-hidden", "true");
    node.append(" ", hint);
  }
  return node;
}
