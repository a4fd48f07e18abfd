// The pieces that every view is made of.
import { html, useEffect, useRef, useState, useCallback } from "./preact.js";

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const COMPACT = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const PLAIN = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

export const TRANSPORTS = {
  websocket: "Socket.IO, WebSocket",
  polling: "Socket.IO, polling",
  "plain-websocket": "Plain WebSocket",
  sse: "Server-Sent Events",
};

export function number(value) {
  return value >= 10_000 ? COMPACT.format(value) : value >= 100 ? PLAIN.format(Math.round(value)) : PLAIN.format(value);
}

export function millis(value) {
  if (value === null || value === undefined) {
    return "–";
  }
  return value >= 1000 ? `${PLAIN.format(value / 1000)} s` : `${PLAIN.format(value >= 10 ? Math.round(value) : value)} ms`;
}

export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** How long ago, coarsely. */
export function ago(instant) {
  const seconds = Math.max(0, Math.round((Date.now() - new Date(instant)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function Time({ at }) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return html`<time datetime=${at} title=${at}>${today ? "" : `${DAY.format(date)}, `}${TIME.format(date)}</time>`;
}

export function Pill({ kind = "plain", children }) {
  return html`<span class="pill pill-${kind}">${children}</span>`;
}

export function Loading({ what }) {
  return html`<div class="note" role="status"><span class="spinner" aria-hidden="true"></span> Loading ${what}…</div>`;
}

export function Empty({ title, children }) {
  return html`<div class="empty"><p class="empty-title">${title}</p><div>${children}</div></div>`;
}

export function Failure({ problem, again }) {
  return html`<div class="note note-bad" role="alert">
    <span>${problem.message}</span>
    ${again && html`<button type="button" class="quiet" onClick=${again}>Try again</button>`}
  </div>`;
}

/** A labelled control; says under it what is wrong with what it holds. */
export function Field({ label, hint, problem, id, children, wide }) {
  return html`<div class=${wide ? "field wide" : "field"}>
    <label for=${id}>${label}</label>
    ${children}
    ${problem
      ? html`<p class="field-problem" id="${id}-hint">${problem}</p>`
      : hint && html`<p class="field-hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

/** The browser's own modal dialog: it holds the focus, ends by Escape, and gives the focus back. */
export function Dialog({ title, onClose, drawer, children }) {
  const element = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog.showModal();
    return () => {
      // what lies behind an open dialog takes no focus
      dialog.close();
      before?.focus?.();
    };
  }, []);
  const outside = (event) => event.target === element.current && onClose();
  return html`<dialog ref=${element} class=${drawer ? "drawer" : "modal"} aria-labelledby="dialog-title"
      onCancel=${(event) => { event.preventDefault(); onClose(); }} onMouseDown=${outside}>
    <div class="dialog-body">
      <header class="dialog-head">
        <h2 id="dialog-title">${title}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button>
      </header>
      ${children}
    </div>
  </dialog>`;
}

const ICONS = {
  overview: "M4 19V9m5.3 10V5m5.3 14v-7M20 19v-3",
  log: "M5 6h14M5 12h14M5 18h9",
  online: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18.5 14.5a6.5 6.5 0 0 1 3 5.5",
  send: "M21 3 10 14M21 3l-7 18-4-7-7-4 18-7Z",
  close: "M6 6l12 12M18 6 6 18",
  theme: "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16Zm0 0v16m3-1V5m3 12V7",
  out: "M14 8V5H5v14h9v-3M10 12h11m-3.5-3.5L21 12l-3.5 3.5",
  done: "M5 12.5l4.5 4.5L19 7.5",
  wait: "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  bad: "M12 8v5m0 3.2v.1M12 3l9.5 17h-19L12 3Z",
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${ICONS[name]} /></svg>`;
}

/** Loads, and loads again when `keys` change; keeps what is shown while it does. */
export function useLoaded(load, keys) {
  const [state, setState] = useState({ loading: true });
  const run = useRef(null);
  const again = useCallback(async (quiet = false) => {
    run.current?.abort();
    const controller = new AbortController();
    run.current = controller;
    if (!quiet) {
      setState((before) => ({ ...before, loading: true, problem: null }));
    }
    try {
      const value = await load(controller.signal);
      if (!controller.signal.aborted) {
        setState({ value, loading: false });
      }
    } catch (problem) {
      if (!controller.signal.aborted && problem.name !== "AbortError") {
        setState((before) => ({ ...before, problem, loading: false }));
      }
    }
  }, keys);
  useEffect(() => {
    again();
    return () => run.current?.abort();
  }, keys);
  return { ...state, again };
}

/** Calls `act` whenever `value` has changed, at most every `ms`, and only while somebody looks. */
export function useEcho(value, act, ms) {
  const last = useRef({ value, at: 0, timer: null });
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const memory = last.current;
    if (memory.value === value || memory.timer) {
      return;
    }
    memory.timer = setTimeout(() => {
      memory.timer = null;
      memory.at = Date.now();
      memory.value = value;
      if (!document.hidden) {
        latest.current();
      }
    }, Math.max(0, ms - (Date.now() - memory.at)));
  }, [value]);
  useEffect(() => () => clearTimeout(last.current.timer), []);
}

/** Whom a row of the log is for, in words. */
export function forWhom({ userId, audience }) {
  if (userId !== "*") return userId;
  if (audience === "everyone") return "everyone";
  if (audience === "users") return "a list of users";
  if (audience === "nearby") return "who was nearby";
  const cut = audience.indexOf(":");
  return `${audience.slice(0, cut)} ${audience.slice(cut + 1)}`;
}

/** Changes whenever something was sent or delivered, and once the second after, when the log knows what became of it. */
export function lastBusy(figures) {
  for (let i = figures.length - 1; i >= 0; i--) {
    if (figures[i].sends > 0 || figures[i].deliveries > 0) {
      return `${figures[i].at} ${i < figures.length - 1}`;
    }
  }
  return "";
}
