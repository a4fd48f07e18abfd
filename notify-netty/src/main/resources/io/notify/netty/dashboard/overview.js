// What goes on now: figures that move, who is online, what was sent last.
import { html, useMemo } from "./preact.js";
import { Chart } from "./charts.js";
import { Empty, Failure, Loading, Pill, Time, TRANSPORTS, forWhom, lastBusy, millis, number, useEcho, useLoaded } from "./parts.js";
import { outcomeOf } from "./log.js";

const INKS = { websocket: "blue", polling: "amber", "plain-websocket": "teal", sse: "violet" };
const ERRORS = {
  signIns: { label: "Sign-ins refused", ink: "amber" },
  events: { label: "Client events refused", ink: "violet" },
  sends: { label: "Sends refused", ink: "red" },
  dropped: { label: "Volatile ones dropped", ink: "teal" },
  cutOff: { label: "Connections cut off", ink: "blue" },
};
const LATEST = 8;

export function Overview({ server, figures }) {
  const last = figures[figures.length - 1];
  const columns = useMemo(() => columnsOf(figures), [figures]);
  return html`<div class="view">
    <h1>Overview</h1>
    ${last && !last.logAvailable && html`<div class="note note-bad" role="alert">
      The log cannot be written: durable sends are refused until it can. The server's own log says why.
    </div>`}
    <${Tiles} last=${last} errors=${columns.errorsLastMinute} />
    <div class="charts">
      <${Chart} title="Connections by transport" times=${columns.times} format=${number}
        series=${Object.keys(TRANSPORTS).map((t) => ({ label: TRANSPORTS[t], ink: INKS[t], values: columns.transports[t] }))} />
      <${Chart} title="Sends and deliveries a second" times=${columns.times} format=${number}
        series=${[
          { label: "Deliveries", ink: "blue", values: columns.deliveries },
          { label: "Sends", ink: "amber", values: columns.sends },
        ]} />
      <${Chart} title="Time to delivery, last minute" times=${columns.times} format=${millis}
        series=${[
          { label: "99 of 100 within", ink: "violet", values: columns.p99 },
          { label: "Half within", ink: "teal", values: columns.p50 },
        ]} />
      <${Chart} title="Errors a second" times=${columns.times} format=${number}
        series=${Object.keys(ERRORS).map((kind) => ({ ...ERRORS[kind], values: columns.errors[kind] }))} />
    </div>
    <div class="pair">
      <${Roles} last=${last} />
      <${Latest} server=${server} figures=${figures} />
    </div>
  </div>`;
}

function columnsOf(figures) {
  const errors = Object.fromEntries(Object.keys(ERRORS).map((kind) => [kind, figures.map((f) => f.errors[kind] ?? 0)]));
  return {
    times: figures.map((f) => new Date(f.at) / 1000),
    transports: Object.fromEntries(
      Object.keys(TRANSPORTS).map((t) => [t, figures.map((f) => f.connectionsByTransport[t] ?? 0)])),
    sends: figures.map((f) => f.sends),
    deliveries: figures.map((f) => f.deliveries),
    p50: figures.map((f) => f.deliveryMsP50),
    p99: figures.map((f) => f.deliveryMsP99),
    errors,
    errorsLastMinute: Math.round(figures.slice(-60).reduce((sum, f) => sum + Object.values(f.errors).reduce((a, b) => a + b, 0), 0)),
  };
}

function Tiles({ last, errors }) {
  const tiles = [
    ["Online users", last && number(last.onlineUsers)],
    ["Connections", last && number(last.connections)],
    ["Sends a second", last && number(last.sends)],
    ["Deliveries a second", last && number(last.deliveries)],
    ["Delivery, p99", last && millis(last.deliveryMsP99)],
    ["Errors, last minute", last && number(errors), errors > 0 ? "bad" : ""],
  ];
  return html`<dl class="tiles">
    ${tiles.map(([label, value, kind]) => html`<div class="card tile" key=${label}>
      <dt>${label}</dt><dd class=${kind ?? ""}>${value ?? "–"}</dd>
    </div>`)}
  </dl>`;
}

function Roles({ last }) {
  const roles = Object.entries(last?.usersByRole ?? {}).sort(([, a], [, b]) => b - a);
  const most = Math.max(1, ...roles.map(([, n]) => n));
  return html`<section class="card" aria-labelledby="roles-title">
    <h2 id="roles-title">Online users by role</h2>
    ${roles.length === 0
      ? html`<${Empty} title=${last?.onlineUsers ? "Nobody online has a role" : "Nobody is online"}>
          ${last?.onlineUsers ? "Roles come from the tokens' claim roles." : "Whoever connects with a token appears here at once."}
        <//>`
      : html`<ul class="bars">
          ${roles.map(([role, n]) => html`<li key=${role}>
            <span class="bar-label">${role}</span>
            <span class="bar-track" aria-hidden="true"><span class="bar" style=${{ width: `${(100 * n) / most}%` }}></span></span>
            <b>${number(n)}</b>
          </li>`)}
        </ul>`}
  </section>`;
}

function Latest({ server, figures }) {
  const { value, problem, loading, again } = useLoaded((signal) => server.get("admin/notifications/logs", { limit: LATEST }, signal), [server]);
  useEcho(lastBusy(figures), () => again(true), 2000);
  return html`<section class="card" aria-labelledby="latest-title">
    <div class="card-head"><h2 id="latest-title">Latest notifications</h2><a href="#/log">Open the log</a></div>
    ${problem && html`<${Failure} problem=${problem} again=${again} />`}
    ${loading && !value && html`<${Loading} what="the log" />`}
    ${value && value.items.length === 0 && html`<${Empty} title="Nothing has been sent yet">
      <a href="#/send">Send the first notification</a> from here, or with <code>POST /notifications</code>.
    <//>`}
    ${value && value.items.length > 0 && html`<ul class="latest">
      ${value.items.map((row) => html`<li key=${row.id}>
        <a href="#/log/${row.id}">
          <span class="latest-title">${row.payload.title || row.event}</span>
          <span class="soft">to ${forWhom(row)}</span>
        </a>
        <span class="latest-side"><${Pill} kind=${outcomeOf(row).kind}>${outcomeOf(row).label}<//> <${Time} at=${row.createdAt} /></span>
      </li>`)}
    </ul>`}
  </section>`;
}
