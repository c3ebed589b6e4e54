// From the units of an axis to pixels and back: the twin of `fallline.figures.scale`.

/** A linear or logarithmic map from one interval to another. */
export class Scale {
  /**
   * @param {"linear" | "log" | "category"} kind
   * @param {number} low value drawn at start
   * @param {number} high value drawn at end
   * @param {number} start pixel
   * @param {number} end pixel
   */
  constructor(kind, low, high, start, end) {
    Object.assign(this, { kind, low, high, start, end });
  }

  /** The pixel of a value; null where it has none. @param {number | null | undefined} value */
  place(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return null;
    let share;
    if (this.kind === "log") {
      if (value <= 0) return null;
      const low = Math.log10(this.low);
      share = (Math.log10(value) - low) / (Math.log10(this.high) - low);
    } else share = (value / 2 - this.low / 2) / (this.high / 2 - this.low / 2);
    share = Math.min(Math.max(share, -1e6), 1e6);
    return this.start + share * (this.end - this.start);
  }

  /** The value at a pixel. @param {number} pixel */
  value(pixel) {
    const share = (pixel - this.start) / (this.end - this.start);
    if (this.kind === "log") {
      const low = Math.log10(this.low);
      return 10 ** (low + share * (Math.log10(this.high) - low));
    }
    return this.low * (1 - share) + this.high * share;
  }
}
