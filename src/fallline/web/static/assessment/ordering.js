// @ts-check
/** Lines to put in order: buttons beside the field of letters, which stays the answer and may be typed into instead. */

/** @param {HTMLElement} element @param {HTMLInputElement | HTMLTextAreaElement} field */
export function ordering(element, field) {
  const lines = /** @type {HTMLElement} */ (element.querySelector("[data-lines]"));
  const given = new Map([...lines.children].map((line) => [/** @type {HTMLElement} */ (line).dataset.key ?? "", /** @type {HTMLElement} */ (line)]));
  const list = Object.assign(document.createElement("ol"), { className: "built" });
  list.setAttribute("aria-label", "Your order");
  element.querySelector(".answer")?.before(list);

  const letters = () => field.value.toLowerCase().split(/[\s,]+/).filter((letter) => given.has(letter));

  /** @param {string[]} next @param {string} focus @param {string} act */
  function put(next, focus, act) {
    field.value = next.join(" ");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    follow();
    const target = list.querySelector(`[data-key="${focus}"] [data-act="${act}"]`) ?? given.get(focus)?.querySelector("button");
    /** @type {HTMLElement | null | undefined} */ (target)?.focus();
  }

  /** @param {string} label @param {string} name @param {() => void} act @param {boolean} off */
  function button(label, name, act, off = false) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: label, className: "small-button" });
    made.setAttribute("aria-label", name);
    if (off) made.setAttribute("aria-disabled", "true");
    made.addEventListener("click", () => !off && act());
    return made;
  }

  function follow() {
    const now = letters();
    for (const [key, line] of given) {
      line.querySelector("button")?.remove();
      if (!now.includes(key)) line.append(button("Add", `Add line ${key}`, () => put([...letters(), key], key, "up")));
    }
    list.replaceChildren(...now.map((key, place) => row(key, place, now)));
    list.hidden = !now.length;
  }

  /** @param {string} key @param {number} place @param {string[]} now */
  function row(key, place, now) {
    const item = document.createElement("li");
    item.dataset.key = key;
    const text = document.createElement("span");
    text.append(...[...(given.get(key)?.querySelector("span")?.childNodes ?? [])].map((node) => node.cloneNode(true)));
    const swap = (/** @type {number} */ other) => now.map((each, index) => (index === place ? now[other] : index === other ? key : each));
    const up = button("↑", `Line ${key} up`, () => put(swap(place - 1), key, "up"), place === 0);
    const down = button("↓", `Line ${key} down`, () => put(swap(place + 1), key, "down"), place === now.length - 1);
    const out = button("Remove", `Take line ${key} out`, () => put(now.filter((each) => each !== key), key, ""));
    up.dataset.act = "up";
    down.dataset.act = "down";
    item.append(Object.assign(document.createElement("b"), { className: "key", textContent: key }), text, up, down, out);
    return item;
  }

  field.addEventListener("input", follow);
  follow();
  return { follow };
}
