// The table of a lab: pasted into a field, or read from a file here; the text alone goes to the server.

const LONGEST = 8000;

/** Shows a text in the field, unless it stands there. */
export function pasted(element, text) {
  const field = element.querySelector("textarea");
  if (field.value.trim() !== text.trim()) field.value = text;
}

/**
 * Hears what is typed, pasted, or chosen as a file.
 * @param {HTMLElement} element
 * @param {(text: string) => void} set
 */
export function tabled(element, set) {
  const field = element.querySelector("textarea");
  const file = element.querySelector("[data-file]");
  field.addEventListener("input", () => set(field.value));
  file.hidden = false;
  file.querySelector("input").addEventListener("change", async (event) => {
    const [chosen] = event.target.files;
    if (!chosen) return;
    // one character more than fits, so that the server says that it is too long, and never megabytes
    field.value = (await chosen.slice(0, 4 * LONGEST).text()).slice(0, LONGEST + 1);
    set(field.value);
  });
}
