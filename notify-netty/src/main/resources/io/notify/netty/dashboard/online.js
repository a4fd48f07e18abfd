// Who is connected, in which rooms, and the button that ends a connection.
import { html, useEffect, useState } from "./preact.js";
import { Dialog, Empty, Failure, Field, Loading, Pill, TRANSPORTS, ago, number, plural, useEcho, useLoaded } from "./parts.js";

const PAGE = 100;

export function Online({ server, figures, route, go, tell }) {
  const text = route.parameters.get("user") ?? "";
  const [draft, setDraft] = useState(text);
  useEffect(() => setDraft(text), [text]);
  const [ending, setEnding] = useState(null);
  const last = figures[figures.length - 1];
  const { value, problem, loading, again } = useLoaded((signal) => server.get("admin/connections", { text, limit: PAGE }, signal), [server, text]);
  useEcho(last && `${last.connections} ${last.onlineUsers} ${JSON.stringify(last.connectionsByTransport)}`, () => again(true), 2000);
  const search = (event) => {
    event.preventDefault();
    go(draft ? `#/online?user=${encodeURIComponent(draft)}` : "#/online");
  };
  return html`<div class="view">
    <h1>Online</h1>
    <form class="card filter" role="search" onSubmit=${search}>
      <${Field} id="o-user" label="User" wide><input id="o-user" type="search" value=${draft} onInput=${(e) => setDraft(e.target.value)} placeholder="Part of a user's id" maxlength="255" /><//>
      <div class="filter-buttons"><button class="primary">Find</button><button type="button" class="quiet" onClick=${() => again()}>Refresh</button></div>
    </form>
    ${last && html`<p class="soft summary" role="status">${plural(last.onlineUsers, "user")} online with ${plural(last.connections, "connection")} on this node.</p>`}
    <div aria-busy=${loading}>
      ${problem && html`<${Failure} problem=${problem} again=${() => again()} />`}
      ${loading && !value && html`<${Loading} what="who is online" />`}
      ${value && value.items.length === 0 && (text
        ? html`<div class="card"><${Empty} title="Nobody online matches “${text}”">
            What was sent to them waits in <a href="#/log?user=${encodeURIComponent(text)}">the log</a>. <a href="#/online">Show everybody online</a>.
          <//></div>`
        : html`<div class="card"><${Empty} title="Nobody is online">
            Whoever connects appears here by itself. To try it: <code>curl -N -H "Authorization: Bearer …" ${location.origin}/notifications/sse</code>
          <//></div>`)}
      ${[...(value?.items ?? [])].sort((a, b) => a.userId.localeCompare(b.userId)).map((user) => html`<${User} key=${user.userId} user=${user} end=${setEnding} />`)}
      ${value?.more && html`<p class="note">Only the first ${number(PAGE)} are listed. Search for a part of the user's id to find others.</p>`}
    </div>
    ${ending && html`<${End} server=${server} of=${ending} close=${() => setEnding(null)} done=${(words) => { setEnding(null); tell(words); again(true); }} />`}
  </div>`;
}

function User({ user, end }) {
  return html`<article class="card user" aria-label="User ${user.userId}">
    <header><h2>${user.userId}</h2>${user.roles.map((role) => html`<${Pill} key=${role}>${role}<//>`)}
      <a class="user-log" href="#/log?user=${encodeURIComponent(user.userId)}&span=7d">Their notifications</a></header>
    <ul class="connections">
      ${user.connections.map((c) => html`<li key=${c.socketId}>
        <div class="connection">
          <p><b>${TRANSPORTS[c.transport]}</b> <span class="soft">for ${ago(c.connectedAt)}</span></p>
          <p class="soft"><code title="session ${c.sessionId}">${c.socketId}</code></p>
          <p class="chips" aria-label="Rooms">${c.rooms.map((room) => html`<span class=${/^(user|role|session):/.test(room) ? "chip own" : "chip"} key=${room}title=${room}>${room.replace(/^(session:.{8}).{6,}/, "$1…")}</span>`)}</p>
        </div>
        <button type="button" class="danger" aria-label="Disconnect ${user.userId}, ${TRANSPORTS[c.transport]}, ${c.socketId}"
          onClick=${() => end({ userId: user.userId, ...c })}>Disconnect</button>
      </li>`)}
    </ul>
  </article>`;
}

function End({ server, of, close, done }) {
  const [state, setState] = useState({});
  const act = async () => {
    setState({ busy: true });
    try {
      await server.post("admin/connections/disconnect", { userId: of.userId, socketId: of.socketId });
      done(`Disconnected ${of.userId} (${of.socketId}).`);
    } catch (problem) {
      if (problem.status === 404) {
        done(`${of.userId} had left already.`);
      } else {
        setState({ problem });
      }
    }
  };
  return html`<${Dialog} title="Disconnect ${of.userId}?" onClose=${close}>
    <p>Ends this one connection (<code>${of.socketId}</code>, ${TRANSPORTS[of.transport]}).
      ${of.transport === "sse"
        ? " An EventSource comes back by itself within seconds, as long as its token is good."
        : " The client is told that the server ended it, and does not come back by itself."}
      Nothing is lost: what is sent meanwhile waits in the log.</p>
    ${state.problem && html`<${Failure} problem=${state.problem} />`}
    <div class="dialog-buttons">
      <button type="button" class="quiet" onClick=${close}>Keep it</button>
      <button type="button" class="danger solid" disabled=${state.busy} onClick=${act}>${state.busy ? "Disconnecting…" : "Disconnect"}</button>
    </div>
  <//>`;
}
