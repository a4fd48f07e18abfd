// The server as this page sees it: requests that answer or fail in words, and the live stream.
// The token travels in the Authorization header only, so that it stands in no address and no access log.

const ROOT = new URL("../", location.href);
const KEY = "notify.token";
const RETRY_MIN_MS = 1000;
const RETRY_MAX_MS = 5000;
/** The server speaks each second; so much silence means that the connection is dead. */
const SILENCE_MS = 10_000;

/** What went wrong, in words; `field` names what to mend, `status` is 0 if there was no answer. */
export class Problem extends Error {
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** The token of this tab: from the address's fragment, which no browser sends anywhere, else from before a reload. */
export function storedToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    history.replaceState(null, "", location.pathname);
    sessionStorage.setItem(KEY, given);
  }
  return sessionStorage.getItem(KEY);
}

export function keepToken(token) {
  if (token) {
    sessionStorage.setItem(KEY, token);
  } else {
    sessionStorage.removeItem(KEY);
  }
}

/** What a token says of itself; the server alone decides whether that is true. */
export function claims(token) {
  try {
    const part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (c) => c.charCodeAt(0))));
  } catch {
    return {};
  }
}

const WORDS = {
  401: "The token was refused: it has expired, or was not made with this server's key.",
  403: "This token is good, but it lacks the role ADMIN.",
  413: "That is too large.",
  429: "Too many attempts from here. Wait ten seconds and try again.",
};

async function problem(answer) {
  let body = {};
  try {
    body = await answer.json();
  } catch {
    // a proxy's page, or none
  }
  const words = WORDS[answer.status] ?? body.detail ?? `The server answered ${answer.status}.`;
  return new Problem(answer.status, answer.status === 429 && body.detail ? `${body.detail} Wait a little.` : words, body.field);
}

/** One signed-in use of the server. `onRefused` hears of it when the token is no longer taken. */
export class Server {
  constructor(token, onRefused = () => {}) {
    this.token = token;
    this.onRefused = onRefused;
  }

  get(path, parameters = {}, signal = undefined) {
    const url = new URL(path, ROOT);
    Object.entries(parameters).forEach(([name, value]) => {
      if (value !== "" && value !== null && value !== undefined) {
        url.searchParams.set(name, value);
      }
    });
    return this.ask(url, { signal });
  }

  post(path, body, headers = {}, signal = undefined) {
    return this.ask(new URL(path, ROOT), {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", ...headers },
      signal,
    });
  }

  async ask(url, options) {
    let answer;
    try {
      answer = await fetch(url, {
        ...options,
        cache: "no-store",
        headers: { ...options.headers, Authorization: `Bearer ${this.token}` },
      });
    } catch (error) {
      if (error.name === "AbortError") {
        throw error;
      }
      throw new Problem(0, "The server cannot be reached. It may be restarting, or the network is down.");
    }
    if (!answer.ok) {
      const failure = await problem(answer);
      if (answer.status === 401 || answer.status === 403) {
        this.onRefused(failure);
      }
      throw failure;
    }
    return answer.status === 204 ? null : answer.json();
  }

  /**
   * Follows the live stream until `signal` ends it, coming back by itself.
   * `on(event, data)` hears events, `onState(state, words)` "connecting", "live" or "away".
   */
  async watch(on, onState, signal) {
    onState("connecting");
    while (!signal.aborted) {
      let words = "The connection ended.";
      try {
        await this.follow(on, onState, signal);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        if (error.status === 401 || error.status === 403) {
          this.onRefused(error);
          return;
        }
        words = error instanceof Problem ? error.message : "The server cannot be reached.";
      }
      if (!signal.aborted) {
        onState("away", words);
        await pause(RETRY_MIN_MS + Math.random() * (RETRY_MAX_MS - RETRY_MIN_MS), signal);
      }
    }
  }

  async follow(on, onState, signal) {
    const ended = new AbortController();
    const end = () => ended.abort();
    signal.addEventListener("abort", end);
    let silence = setTimeout(end, SILENCE_MS);
    try {
      const answer = await fetch(new URL("admin/live", ROOT), {
        headers: { Authorization: `Bearer ${this.token}`, Accept: "text/event-stream" },
        cache: "no-store",
        signal: ended.signal,
      });
      if (!answer.ok) {
        throw await problem(answer);
      }
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS);
        const events = (rest + piece.value).split("\n\n");
        rest = events.pop();
        events.forEach((text) => this.dispatch(text, on, onState));
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", end);
    }
  }

  dispatch(text, on, onState) {
    let event = "";
    const data = [];
    for (const line of text.split("\n")) {
      if (line.startsWith("event: ")) {
        event = line.slice(7);
      } else if (line.startsWith("data: ")) {
        data.push(line.slice(6));
      }
    }
    if (event === "expired") {
      throw new Problem(401, "Your token's time is over. Sign in with a new one.");
    }
    if (event) {
      onState("live");
      on(event, JSON.parse(data.join("\n")));
    }
  }
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
