// The log: found by what is known of a notification, and one notification's whole story.
import { html, useEffect, useState } from "./preact.js";
import { Dialog, Empty, Failure, Field, Icon, Loading, Pill, Time, TRANSPORTS, forWhom, lastBusy, number, plural, useEcho, useLoaded } from "./parts.js";

const PAGE = 50;
const SETTLES_MS = 3000;
const REFRESH_MS = 3000;
const SPANS = { "1h": "Last hour", "24h": "Last 24 hours", "7d": "Last 7 days", all: "All that is kept", own: "From … to …" };
const HOURS = { "1h": 1, "24h": 24, "7d": 168 };
const STATES = { "": "Any state", delivered: "Delivered", waiting: "Not delivered", read: "Read", unread: "Not read" };
const NOTHING = { text: "", user: "", event: "", audience: "", state: "", span: "24h", from: "", to: "" };

/** The state that a row of the log tells at a glance. */
export function outcomeOf(row) {
  if (row.readAt) return { label: "Read", kind: "good" };
  if (row.delivered) return { label: "Delivered", kind: "info" };
  if (row.error) return { label: "Failed", kind: "bad" };
  if (row.payload.expiresAt && new Date(row.payload.expiresAt) <= new Date()) return { label: "Expired", kind: "plain" };
  // what became of it is written down within a second or two
  if (Date.now() - new Date(row.createdAt) < SETTLES_MS) return { label: "Sent", kind: "plain" };
  return { label: "Waiting", kind: "warn" };
}

function query(filter) {
  const { state, span, from, to, ...asked } = filter;
  if (span === "own") {
    asked.from = from && new Date(from).toISOString();
    asked.to = to && new Date(to).toISOString();
  } else if (HOURS[span]) {
    asked.from = new Date(Date.now() - HOURS[span] * 3_600_000).toISOString();
  }
  if (state === "delivered" || state === "waiting") asked.delivered = state === "delivered";
  if (state === "read" || state === "unread") asked.read = state === "read";
  return asked;
}

export function Log({ server, figures, route, go }) {
  const filter = { ...NOTHING, ...Object.fromEntries(route.parameters) };
  const key = new URLSearchParams(filter).toString();
  const first = useLoaded((signal) => server.get("admin/notifications/logs", { ...query(filter), limit: PAGE }, signal), [server, key]);
  const [more, setMore] = useState({ key, items: [] });
  useEffect(() => setMore({ key, items: [] }), [key, first.value]);
  // new rows come in by themselves, unless somebody has gone on to older ones
  useEcho(lastBusy(figures), () => more.items.length || route.id || first.again(true), REFRESH_MS);
  const items = [...(first.value?.items ?? []), ...(more.key === key ? more.items : [])];
  const next = more.items.length || more.done ? more.next : first.value?.next;

  const older = async () => {
    setMore((m) => ({ ...m, loading: true, problem: null }));
    try {
      const page = await server.get("admin/notifications/logs", { ...query(filter), limit: PAGE, cursor: next });
      setMore((m) => ({ key, items: [...m.items, ...page.items], next: page.next, done: true }));
    } catch (problem) {
      setMore((m) => ({ ...m, loading: false, problem }));
    }
  };
  const search = (changed) => {
    const asked = Object.entries({ ...filter, ...changed }).filter(([name, value]) => value !== NOTHING[name]);
    go(`#/log${asked.length ? `?${new URLSearchParams(asked)}` : ""}`);
  };

  return html`<div class="view">
    <h1>Log</h1>
    <${Filter} stamp=${key} filter=${filter} search=${search} problem=${first.problem} />
    <section class="card flush" aria-label="Notifications" aria-busy=${first.loading}>
      ${first.problem && !first.problem.field && html`<${Failure} problem=${first.problem} again=${() => first.again()} />`}
      ${first.loading && !first.value && html`<${Loading} what="the log" />`}
      ${first.value && items.length === 0 && !first.problem && (key === new URLSearchParams(NOTHING).toString()
        ? html`<${Empty} title="Nothing was sent in the last 24 hours">
            <a href="#/send">Send a notification</a>, or look further back: <a href="#/log?span=all">all that is kept</a>.
          <//>`
        : html`<${Empty} title="Nothing matches">
            Take a filter away or look further back. Volatile notifications never enter the log.
            <p><button type="button" class="quiet" onClick=${() => go("#/log")}>Clear all filters</button></p>
          <//>`)}
      ${items.length > 0 && html`<div class="table-scroll"><table class="rows" role="table">
        <thead><tr role="row">${["Sent", "Notification", "Event", "For", "State"].map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
        <tbody role="rowgroup">${items.map((row) => html`<${Row} key=${row.id} row=${row} search=${search} go=${go} />`)}</tbody>
      </table></div>`}
      ${more.problem && html`<${Failure} problem=${more.problem} again=${older} />`}
      ${next && html`<div class="more"><button type="button" onClick=${older} disabled=${more.loading}>
        ${more.loading ? "Loading…" : "Show older ones"}</button></div>`}
    </section>
    ${route.id && html`<${Story} key=${route.id} server=${server} id=${route.id} close=${() => go(`#/log${route.search}`)} />`}
  </div>`;
}

function Row({ row, search, go }) {
  const outcome = outcomeOf(row);
  const open = `#/log/${row.id}${location.hash.includes("?") ? location.hash.slice(location.hash.indexOf("?")) : ""}`;
  // the link is what keyboards and screen readers use; a click anywhere on the row is a convenience
  return html`<tr role="row" onClick=${(e) => !e.target.closest("a, button") && go(open)}>
    <td role="cell" data-label="Sent"><${Time} at=${row.createdAt} /></td>
    <td role="cell" data-label="Notification" class="main"><a href=${open}>${row.payload.title || row.event}</a><span class="soft clip">${row.payload.message}</span></td>
    <td role="cell" data-label="Event"><code>${row.event}</code></td>
    <td role="cell" data-label="For"><span class="clip">${forWhom(row)}</span></td>
    <td role="cell" data-label="State"><${Pill} kind=${outcome.kind}>${outcome.label}<//></td>
  </tr>`;
}

function Filter({ stamp, filter, search, problem }) {
  const [draft, setDraft] = useState(filter);
  const set = (name) => (event) => setDraft({ ...draft, [name]: event.target.value });
  const now = (name) => (event) => {
    setDraft({ ...draft, [name]: event.target.value });
    if (event.target.value !== "own") search({ ...draft, [name]: event.target.value });
  };
  useEffect(() => setDraft(filter), [stamp]);
  const wrong = (field) => (problem?.field === field ? problem.message : undefined);
  return html`<form class="card filter" role="search" onSubmit=${(e) => { e.preventDefault(); search(draft); }}>
    <${Field} id="f-text" label="Text" problem=${wrong("text")} wide>
      <input id="f-text" type="search" value=${draft.text} onInput=${set("text")} placeholder="Words in title, message or data" maxlength="255" />
    <//>
    <${Field} id="f-user" label="User" problem=${wrong("user")}><input id="f-user" value=${draft.user} onInput=${set("user")} placeholder="42" maxlength="255" /><//>
    <${Field} id="f-event" label="Event" problem=${wrong("event")}><input id="f-event" value=${draft.event} onInput=${set("event")} placeholder="booking.created" maxlength="255" /><//>
    <${Field} id="f-audience" label="Audience" problem=${wrong("audience")}><input id="f-audience" value=${draft.audience} onInput=${set("audience")} placeholder="room:job:7" maxlength="255" /><//>
    <${Field} id="f-state" label="State"><select id="f-state" value=${draft.state} onChange=${now("state")}>
      ${Object.entries(STATES).map(([value, label]) => html`<option value=${value} selected=${value === draft.state}>${label}</option>`)}
    </select><//>
    <${Field} id="f-span" label="Sent"><select id="f-span" value=${draft.span} onChange=${now("span")}>
      ${Object.entries(SPANS).map(([value, label]) => html`<option value=${value} selected=${value === draft.span}>${label}</option>`)}
    </select><//>
    ${draft.span === "own" && html`
      <${Field} id="f-from" label="From" problem=${wrong("from")}><input id="f-from" type="datetime-local" value=${draft.from} onInput=${set("from")} /><//>
      <${Field} id="f-to" label="To" problem=${wrong("to")}><input id="f-to" type="datetime-local" value=${draft.to} onInput=${set("to")} /><//>`}
    <div class="filter-buttons">
      <button class="primary">Search</button>
      <button type="button" class="quiet" onClick=${() => search(NOTHING)}>Clear</button>
    </div>
  </form>`;
}

const OUTCOMES = {
  read: ["Read", "good"],
  acknowledged: ["Acknowledged", "good"],
  delivered: ["Delivered", "info"],
  failed: ["Failed", "bad"],
  expired: ["Expired", "plain"],
  replaced: ["Replaced", "plain"],
  waiting: ["Waiting", "warn"],
};

function Story({ server, id, close }) {
  const { value: story, problem, loading, again } = useLoaded((signal) => server.get(`admin/notifications/${encodeURIComponent(id)}`, {}, signal), [server, id]);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && again(true), 2000);
    return () => clearInterval(timer);
  }, [id]);
  const [label, kind] = OUTCOMES[story?.outcome] ?? ["", "plain"];
  return html`<${Dialog} title=${story ? story.payload.title || story.event : "Notification"} onClose=${close} drawer>
    ${problem && !story && html`<${Failure} problem=${problem.status === 404 ? { message: "The log has no such notification: it was volatile, or is older than what is kept." } : problem} again=${problem.status === 404 ? null : () => again()} />`}
    ${loading && !story && html`<${Loading} what="its story" />`}
    ${story && html`
      <p class="story-message">${story.payload.message}</p>
      <p class="story-facts"><${Pill} kind=${kind}>${label}<//> <code>${story.event}</code> <span class="soft">for ${forWhom(story)}</span></p>
      ${problem && html`<p class="soft" role="status">Not up to date: ${problem.message}</p>`}
      <ol class="story">${steps(story)}</ol>
      <${Recipients} story=${story} />
      <h3>What the client receives</h3>
      <pre class="json" tabindex="0" aria-label="Payload">${JSON.stringify(story.payload, null, 2)}</pre>
      <dl class="facts">
        <dt>Id</dt><dd><code>${story.id}</code></dd>
        <dt>Position</dt><dd><code>${story.position}</code></dd>
        <dt>Audience</dt><dd><code>${story.audience}</code></dd>
        ${story.collapseKey && html`<dt>Collapse key</dt><dd><code>${story.collapseKey}</code></dd>`}
      </dl>`}
  <//>`;
}

function Step({ state, title, at, children }) {
  return html`<li class="step step-${state}">
    <span class="step-mark"><${Icon} name=${state === "done" ? "done" : state === "bad" ? "bad" : "wait"} /></span>
    <div><p class="step-title">${title} ${at && html`<${Time} at=${at} />`}</p>${children && html`<div class="step-text">${children}</div>`}</div>
  </li>`;
}

function steps(story) {
  return [
    html`<${Step} state="done" title="Created" at=${story.createdAt} />`,
    html`<${Step} state="done" title="Committed to the log">At position <code>${story.position}</code>, before anybody saw it.<//>`,
    delivery(story),
    acknowledgement(story),
    reading(story),
  ];
}

function delivery(story) {
  if (!story.delivered) {
    return html`<${Step} state=${story.error ? "bad" : "wait"} title=${story.outcome === "waiting" ? "Not delivered yet" : "Not delivered"}>${whyNot(story)}<//>`;
  }
  const took = new Date(story.deliveredAt) - new Date(story.createdAt);
  const rest = story.connections - story.takers.length;
  return html`<${Step} state="done" title="Delivered" at=${story.deliveredAt}>
    ${took >= 0 && took < 60_000 ? `After ${took} ms, to` : "To"} ${plural(story.connections, "connection")}, replays included.
    ${story.takers.length > 0 && html`<ul class="takers">${story.takers.map((t) => html`<li key=${t.socketId}>
      <b>${t.userId}</b> <span>${TRANSPORTS[t.transport]}</span> <code title="session ${t.sessionId}">${t.socketId}</code> <${Time} at=${t.takenAt} />
    </li>`)}</ul>`}
    ${rest > 0 && html`<p class="soft">${story.takers.length ? `And ${number(rest)} more.` : "Which ones is remembered only for what was shown lately, on the node that showed it."}</p>`}
    ${story.error && html`<p class="soft">Of an attempt: ${story.error}</p>`}
  <//>`;
}

/** Why nobody has it, in words. */
function whyNot(story) {
  if (story.error) {
    return story.error;
  }
  if (story.outcome === "expired") {
    return html`It expired <${Time} at=${story.expiresAt} /> before anybody of its audience came.`;
  }
  if (story.outcome === "replaced") {
    return html`A later one with the collapse key <code>${story.collapseKey}</code> is shown in its place, at position <code>${story.replacedBy}</code>.`;
  }
  const until = story.expiresAt ? html`until it expires <${Time} at=${story.expiresAt} />` : "as long as the log is kept";
  if (story.online === true) {
    return html`User ${story.userId} is online, but connected after it was sent and showed no earlier position. It is in their history, and a client that resumes from before gets it, ${until}.`;
  }
  if (story.online === false) {
    return html`User ${story.userId} was not connected${story.lastSeen ? html`; last seen <${Time} at=${story.lastSeen} />` : ""}. It waits ${until} and is shown to a client that comes back.`;
  }
  return html`Nobody of its audience was connected. It waits ${until} and is shown to clients that come back.`;
}

function acknowledgement(story) {
  if (story.userId === "*") {
    return null;
  }
  return story.acknowledgedAt
    ? html`<${Step} state="done" title="Acknowledged" at=${story.acknowledgedAt}>The client said it has everything up to here.<//>`
    : html`<${Step} state="wait" title="Not acknowledged">${story.readCount ? "Its client read it without saying ack." : "Clients acknowledge only if they send ack."}<//>`;
}

function reading(story) {
  if (!story.readCount) {
    return html`<${Step} state="wait" title="Not read" />`;
  }
  const single = story.userId !== "*" && story.readCount === 1;
  return html`<${Step} state="done" title=${single ? "Read" : `Read by ${plural(story.readCount, "user")}`} at=${story.reads[0]?.readAt}>
    ${!single && html`<ul class="takers">${story.reads.map((r) => html`<li key=${r.userId}><b>${r.userId}</b> <${Time} at=${r.readAt} /></li>`)}</ul>`}
    ${story.readCount > story.reads.length && html`<p class="soft">And ${number(story.readCount - story.reads.length)} more.</p>`}
  <//>`;
}

function Recipients({ story }) {
  return story.recipientCount > 0 && html`
    <h3>For ${plural(story.recipientCount, "user")}</h3>
    <p class="chips">${story.recipients.map((user) => html`<span class="chip" key=${user}>${user}</span>`)}
      ${story.recipientCount > story.recipients.length && html`<span class="soft">and ${number(story.recipientCount - story.recipients.length)} more</span>`}</p>`;
}
