// Asks the server, one request at a time: while one is under way only the newest wish is remembered.

/**
 * @param {{receive: (answer: object, settled: boolean) => void, fail: (problem: {error: string, why: string, todo: string}) => void, busy: (on: boolean) => void}} to
 */
export function asking({ receive, fail, busy }) {
  let wish = null;
  let running = false;

  async function run() {
    running = true;
    while (wish !== null) {
      const url = wish;
      wish = null;
      const late = setTimeout(() => busy(true), 250);
      try {
        const answer = await json(url);
        receive(answer, wish === null);
      } catch (problem) {
        if (wish === null) fail(problem);
      } finally {
        clearTimeout(late);
        busy(false);
      }
    }
    running = false;
  }

  return (url) => {
    wish = url;
    if (!running) run();
  };
}

/** Fetches JSON; throws what the server says went wrong, why, and what to do. */
export async function json(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { ...options, headers: { accept: "application/json", ...options.headers } });
  } catch {
    throw { error: "No answer", why: "The site does not answer; it may have been stopped.", todo: "Start it again, then try once more." };
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw body ?? { error: "No answer", why: `The server answered ${response.status}.`, todo: "Try again." };
}
