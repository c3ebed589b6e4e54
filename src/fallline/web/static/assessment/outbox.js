// @ts-check
/** What was written and is not yet known to be stored, kept in this browser: it outlives the page, the tab and the network. */

/**
 * @typedef {string | string[]} Answer
 * @typedef {{sequence: number, answer: Answer, held?: boolean}} Entry
 */

export class Outbox {
  /** @param {string} attempt */
  constructor(attempt) {
    this.prefix = `outbox/${attempt}/`;
    /** @type {Map<string, string>} */
    this.memory = new Map();
    this.lasting = lasts();
  }

  /** @param {string} slot @returns {Entry | null} */
  read(slot) {
    const text = this.memory.get(slot) ?? (this.lasting ? localStorage.getItem(this.prefix + slot) : null);
    try {
      const entry = text === null ? null : JSON.parse(text);
      return Number.isSafeInteger(entry?.sequence) ? entry : null;
    } catch {
      return null;
    }
  }

  /** @param {string} slot @param {Entry} entry */
  write(slot, entry) {
    const text = JSON.stringify(entry);
    try {
      if (!this.lasting) throw new Error("no storage");
      localStorage.setItem(this.prefix + slot, text);
      this.memory.delete(slot);
    } catch {
      this.memory.set(slot, text);
    }
  }

  /** @param {string} slot */
  drop(slot) {
    this.memory.delete(slot);
    if (this.lasting) localStorage.removeItem(this.prefix + slot);
  }

  /** Calls back when another tab of this browser wrote an answer. @param {(slot: string, entry: Entry) => void} told */
  follow(told) {
    addEventListener("storage", (event) => {
      if (!event.key?.startsWith(this.prefix) || event.newValue === null) return;
      const slot = event.key.slice(this.prefix.length);
      const entry = this.read(slot);
      if (entry) told(slot, entry);
    });
  }
}

function lasts() {
  try {
    localStorage.setItem("outbox/try", "1");
    localStorage.removeItem("outbox/try");
    return true;
  } catch {
    return false;
  }
}

/** An answer as the form sends it: letters with spaces between. @param {Answer} answer */
export const asText = (answer) => (typeof answer === "string" ? answer : answer.join(" "));
