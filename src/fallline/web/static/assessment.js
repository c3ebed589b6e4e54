// @ts-check
/**
 * A try at an assessment: every change goes into the outbox at once, from there to the server, and stays in the outbox until
 * the server has said that it is stored. "Saved at" is the server's own word and time.
 */

import { countdown } from "./assessment/countdown.js";
import { Outbox, asText } from "./assessment/outbox.js";
import { Question } from "./assessment/question.js";

const DEBOUNCE = 2_000;
const EVERY = 30_000;
const RETRY = [2_000, 4_000, 8_000, 15_000];

/** @param {HTMLFormElement} form */
function sit(form) {
  const outbox = new Outbox(form.dataset.attempt ?? "");
  const questions = [.../** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-slot]"))].map((element) => new Question(element));
  const bySlot = new Map(questions.map((question) => [question.slot, question]));
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (form.querySelector(`[data-${name}]`));
  const clock = form.dataset.timed ? countdown(part("clock"), { told: trouble, over: () => { trouble("The time is over. What was saved in time counts; look it over and hand it in."); flush(); } }) : null;
  let timer = 0;
  let failures = 0;
  let sending = false;
  let closed = false;

  function trouble(/** @type {string} */ text) {
    if (part("trouble").textContent !== text) part("trouble").textContent = text;
  }

  function waiting() {
    return questions.flatMap((question) => {
      const entry = outbox.read(question.slot);
      return entry && !entry.held ? [{ slot: question.slot, sequence: entry.sequence, answer: entry.answer }] : [];
    });
  }

  /** @param {Question} question */
  function changed(question) {
    const entry = outbox.read(question.slot);
    if (!entry && question.text() === question.stored) return;
    if (entry && asText(entry.answer) === question.text()) return;
    question.sequence += 1;
    outbox.write(question.slot, { sequence: question.sequence, answer: question.answer() });
    question.part("conflict").hidden = true;
    question.number();
    mark();
    part("saved").textContent = "Not saved yet";
  }

  function later(/** @type {number} */ delay) {
    clearTimeout(timer);
    timer = setTimeout(() => flush(), delay);
  }

  async function flush(/** @type {boolean} */ leaving = false, /** @type {boolean} */ asking = false) {
    clearTimeout(timer);
    const saves = waiting();
    if ((!saves.length && !asking) || (sending && !leaving) || closed) return;
    sending = true;
    const options = { method: "POST", body: JSON.stringify({ saves }), headers: { "content-type": "application/json", accept: "application/json" }, keepalive: JSON.stringify(saves).length < 50_000 };
    try {
      const response = await fetch(`${form.dataset.base}/answers`, options);
      const body = await response.json();
      if (response.ok) stored(saves, body);
      else refused(response.status, body);
    } catch {
      failed();
    } finally {
      sending = false;
    }
    if (!failures && !closed && waiting().length) later(DEBOUNCE);
  }

  /** @param {{slot: string, sequence: number, answer: string | string[]}[]} saves @param {any} body */
  function stored(saves, body) {
    failures = 0;
    trouble("");
    clock?.(body.left);
    let last = "";
    for (const save of saves) {
      const question = /** @type {Question} */ (bySlot.get(save.slot));
      const now = body.slots[save.slot];
      const entry = outbox.read(save.slot);
      question.sequence = Math.max(question.sequence, now.sequence);
      question.stored = now.text;
      if (entry && entry.sequence !== save.sequence) continue; // changed again meanwhile: that is sent next
      if (body.lost.includes(save.slot)) {
        if (entry) settle(question, entry, now);
        continue;
      }
      outbox.drop(save.slot);
      question.problems(now.problems);
      question.number();
      if (now.saved > last) last = now.saved;
    }
    if (last && !waiting().length) part("saved").textContent = `Saved at ${last}`;
    mark();
  }

  /** Something newer is stored already: what stands here is held back until the person has chosen. @param {Question} question @param {import("./assessment/outbox.js").Entry} entry @param {{sequence: number, text: string, saved: string}} now */
  function settle(question, entry, now) {
    outbox.write(question.slot, { ...entry, held: true });
    question.write(asText(entry.answer));
    question.conflict(now, asText(entry.answer), (mine) => {
      if (mine) {
        question.sequence = Math.max(question.sequence, now.sequence) + 1;
        outbox.write(question.slot, { sequence: question.sequence, answer: question.answer() });
        flush();
      } else {
        outbox.drop(question.slot);
        question.write(now.text);
      }
      question.number();
      mark();
    });
  }

  /** @param {number} status @param {any} body */
  function refused(status, body) {
    if (status === 409) {
      closed = true;
      part("saved").textContent = "Not stored";
      const link = Object.assign(document.createElement("a"), { href: form.dataset.base, textContent: "See what was handed in" });
      part("trouble").replaceChildren(`${body.why} `, link);
      return;
    }
    trouble(`Not saved: ${body.why ?? `the site answered ${status}`} Your answers are kept in this browser.`);
    failures += 1;
  }

  function failed() {
    part("saved").textContent = "Not saved yet";
    trouble(outbox.lasting ? "The site does not answer. Your answers are kept in this browser and sent as soon as it does." : "The site does not answer, and this browser keeps nothing: leave this page open until the answers are saved.");
    later(RETRY[Math.min(failures, RETRY.length - 1)]);
    failures += 1;
  }

  function mark() {
    for (const question of questions) {
      const dot = /** @type {HTMLElement | null} */ (form.querySelector(`[data-dot="${question.slot}"]`));
      if (!dot) return;
      const state = question.state();
      dot.dataset.state = state;
      const word = dot.querySelector("[data-word]");
      if (word) word.textContent = { empty: ", not answered", unreadable: ", cannot be read", answered: ", answered" }[state] ?? "";
    }
  }

  function restore() {
    for (const question of questions) {
      const entry = outbox.read(question.slot);
      if (!entry) continue;
      const text = asText(entry.answer);
      if (text === question.stored) outbox.drop(question.slot);
      else if (entry.sequence > question.sequence) {
        outbox.write(question.slot, { sequence: entry.sequence, answer: entry.answer });
        question.sequence = entry.sequence;
        question.write(text);
        question.number();
      } else settle(question, entry, { sequence: question.sequence, text: question.stored, saved: "" });
    }
    mark();
    flush();
  }

  for (const question of questions) {
    question.element.addEventListener("input", () => {
      changed(question);
      later(DEBOUNCE);
    });
    question.element.addEventListener("change", () => {
      changed(question);
      flush();
    });
  }
  outbox.follow((slot, entry) => {
    const question = bySlot.get(slot);
    if (!question || question.element.contains(document.activeElement)) return;
    question.sequence = Math.max(question.sequence, entry.sequence);
    question.write(asText(entry.answer));
    question.number();
    mark();
  });
  setInterval(() => flush(), EVERY);
  addEventListener("online", () => flush());
  addEventListener("pagehide", () => flush(true));
  addEventListener("pageshow", (event) => event.persisted && flush(false, true));
  document.addEventListener("visibilitychange", () => (document.hidden ? flush(true) : flush(false, clock !== null)));
  addEventListener("beforeunload", (event) => failures && !closed && waiting().length && event.preventDefault());
  form.addEventListener("submit", () => {
    failures = 0; // the form itself carries the answers
  });
  form.querySelector(".save")?.toggleAttribute("hidden", true); // not by style: it must stay where this script does not run
  file(form);
  clock?.(Number(form.dataset.left));
  restore();
}

/** A chosen file goes into the text at once, where it can be read and corrected. @param {HTMLFormElement} form */
function file(form) {
  const input = /** @type {HTMLInputElement | null} */ (form.querySelector("[data-file]"));
  const area = form.querySelector("textarea");
  input?.addEventListener("change", async (event) => {
    event.stopPropagation();
    const chosen = input.files?.[0];
    if (!chosen || !area || chosen.size > 65_536) return; // too long for the field: the form sends it, and the site says so
    area.value = (await chosen.text()).replace(/\r\n/g, "\n");
    input.value = "";
    area.dispatchEvent(new Event("change", { bubbles: true }));
    area.focus();
  });
}

/** After handing in: what this browser still holds and the server does not is shown, never dropped in silence. @param {HTMLElement} place */
function leftover(place) {
  const outbox = new Outbox(place.dataset.kept ?? "");
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-stored]"))) {
    const slot = element.dataset.stored ?? "";
    const entry = outbox.read(slot);
    if (!entry) continue;
    const text = asText(entry.answer);
    if (text === element.dataset.text) {
      outbox.drop(slot);
      continue;
    }
    const told = document.createElement("p");
    told.append(`This browser holds an answer that is not stored: ${text.slice(0, 200) || "an empty one"} `);
    const away = Object.assign(document.createElement("button"), { type: "button", textContent: "Drop it" });
    away.addEventListener("click", () => {
      outbox.drop(slot);
      told.remove();
    });
    told.append(away);
    place.append(told);
    place.className = "state state-failed";
    place.hidden = false;
  }
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-attempt]"))) sit(form);
for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-kept]"))) leftover(place);
for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-own-run]"))) import("./assessment/own_run.js").then(({ enliven }) => enliven(place));
