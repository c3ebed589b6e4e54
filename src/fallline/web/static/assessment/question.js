// @ts-check
/** One question of the form: what stands in it, what the server has, and what must be said about it. */

import { ordering } from "./ordering.js";
import { asText } from "./outbox.js";

export class Question {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.slot = element.dataset.slot ?? "";
    this.kind = element.dataset.kind ?? "";
    this.sequence = Number(element.dataset.sequence);
    this.stored = element.dataset.text ?? "";
    this.unreadable = !this.part("problem").hidden;
    this.order = this.kind === "order" ? ordering(element, this.field()) : null;
  }

  /** @param {string} name */
  part(name) {
    return /** @type {HTMLElement} */ (this.element.querySelector(`[data-${name}]`));
  }

  field() {
    return /** @type {HTMLInputElement | HTMLTextAreaElement} */ (this.element.querySelector(`[name="answer-${this.slot}"]`));
  }

  boxes() {
    return /** @type {HTMLInputElement[]} */ ([...this.element.querySelectorAll(`[name="answer-${this.slot}"]`)]);
  }

  /** @returns {string | string[]} */
  answer() {
    if (this.kind !== "choice" && this.kind !== "multiple") return this.field().value;
    const ticked = this.boxes().filter((box) => box.checked).map((box) => box.value);
    return this.kind === "multiple" ? ticked : (ticked[0] ?? "");
  }

  text() {
    return asText(this.answer());
  }

  /** @param {string} text */
  write(text) {
    if (this.kind === "choice" || this.kind === "multiple") {
      const letters = text.split(" ");
      for (const box of this.boxes()) box.checked = letters.includes(box.value);
    } else {
      this.field().value = text;
      this.order?.follow();
    }
  }

  /** Says why what is stored is no answer. @param {string[]} problems */
  problems(problems) {
    const place = this.part("problem");
    this.unreadable = problems.length > 0;
    place.hidden = !problems.length;
    place.replaceChildren(...problems.map((each) => Object.assign(document.createElement(this.kind === "spec" ? "p" : "span"), { textContent: each })));
    for (const box of this.boxes()) if (box.type !== "radio" && box.type !== "checkbox") box.setAttribute("aria-invalid", String(problems.length > 0));
  }

  /** Two answers exist: the person chooses. @param {{text: string, saved: string}} theirs @param {string} mine @param {(keep: boolean) => void} chosen */
  conflict(theirs, mine, chosen) {
    const place = this.part("conflict");
    const long = this.kind === "spec";
    const quoted = (/** @type {string} */ text) => (long ? "another version" : text ? `“${text}”` : "an empty answer");
    const told = document.createElement("p");
    told.textContent = `Another window stored ${quoted(theirs.text)}${theirs.saved ? ` at ${theirs.saved}` : ""}. Here stands ${long ? "yours" : quoted(mine)}, which is not stored.`;
    const button = (/** @type {string} */ label, /** @type {boolean} */ keep) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      made.addEventListener("click", () => {
        place.hidden = true;
        chosen(keep);
      });
      return made;
    };
    const actions = document.createElement("p");
    actions.className = "actions";
    actions.append(button("Store this one", true), button("Take the other", false));
    place.replaceChildren(told, actions);
    place.hidden = false;
  }

  /** Tells the plain form which save this would be, should it be sent, and what the server has. */
  number() {
    this.hidden("sequence").value = String(Math.max(1, this.sequence));
    this.hidden("given").value = this.stored;
  }

  /** @param {string} name */
  hidden(name) {
    return /** @type {HTMLInputElement} */ (this.element.querySelector(`[name="${name}-${this.slot}"]`));
  }

  state() {
    return this.text().trim() === "" ? "empty" : this.unreadable ? "unreadable" : "answered";
  }
}
