// The lines that a state itself gives: formulas of one beside those of another, what differs marked.

/**
 * Writes the lines, unless they stand there already.
 * @param {HTMLElement | null} host
 * @param {{title: string, lines: {html: string, marked: boolean}[]}[]} owners
 */
export function lined(host, owners) {
  const now = JSON.stringify(owners);
  if (!host || host.dataset.shown === now) return;
  host.dataset.shown = now;
  host.replaceChildren(...owners.map(section));
}

function section({ title, lines }) {
  const whole = document.createElement("div");
  const head = Object.assign(document.createElement("p"), { className: "small", textContent: title });
  const list = document.createElement("ul");
  list.append(...lines.map(item));
  whole.append(head, list);
  return whole;
}

/** One line; its MathML was written by the server. */
function item({ html, marked }) {
  const made = document.createElement("li");
  made.tabIndex = 0; // a long line scrolls, so it must be reachable by keyboard
  if (marked) {
    made.className = "marked";
    made.append(Object.assign(document.createElement("span"), { className: "away", textContent: "Differs: " }));
  }
  made.append(document.createRange().createContextualFragment(html));
  return made;
}
