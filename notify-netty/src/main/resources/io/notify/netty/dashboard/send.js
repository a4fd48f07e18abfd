// Sends to any audience; shows before what each client will get, and to how many it would go now.
import { html, useEffect, useRef, useState } from "./preact.js";
import { Dialog, Failure, Field, plural } from "./parts.js";

const EVENTS = ["booking.created", "booking.accepted", "booking.reminder", "booking.completed", "review.created", "nearby-job", "system.maintenance"];
const KINDS = {
  user: "One user", users: "Several users", role: "Everybody with a role", room: "A room", session: "One session",
  nearby: "Whoever is nearby", everyone: "Everyone",
};
const HINTS = { user: "A user's id, the token's sub.", users: "Ids, separated by commas or lines; 1 to 10,000.", role: "As in the tokens, for example PROFESSIONAL.", room: "A room's name, for example job:7.", session: "A session's id, the token's sid." };
const START = { kind: "user", name: "", latitude: "", longitude: "", radiusMeters: "1000", nearRole: "", event: "booking.created", title: "", message: "", data: "{}", durable: true, ttl: "", collapseKey: "", priority: "" };
const PREVIEW_MS = 350;

/** The body of a send, or what keeps it from being one. */
function bodyOf(form) {
  const body = { audience: audienceOf(form), event: form.event.trim() };
  try {
    body.data = JSON.parse(form.data.trim() || "{}");
  } catch (error) {
    throw wrong("data", `This is no JSON: ${error.message}`);
  }
  if (form.title) body.title = form.title;
  if (form.message) body.message = form.message;
  if (!form.durable) body.durable = false;
  if (form.ttl) body.ttlMs = Math.round(Number(form.ttl) * 1000);
  if (form.collapseKey) body.collapseKey = form.collapseKey;
  if (form.priority) body.priority = form.priority;
  if (!body.event) throw wrong("event", "Say which event.");
  return body;
}

function audienceOf(form) {
  switch (form.kind) {
    case "everyone":
      return { everyone: true };
    case "nearby":
      if (form.latitude === "" || form.longitude === "") throw wrong("audience", "Say where: latitude and longitude.");
      return { nearby: { latitude: Number(form.latitude), longitude: Number(form.longitude), radiusMeters: Number(form.radiusMeters), ...(form.nearRole && { role: form.nearRole }) } };
    case "users": {
      const ids = form.name.split(/[,\n]/).map((id) => id.trim()).filter(Boolean);
      if (!ids.length) throw wrong("audience", "Say to whom.");
      return { users: ids };
    }
    default:
      if (!form.name.trim()) throw wrong("audience", "Say to whom.");
      return { [form.kind]: form.name.trim() };
  }
}

function wrong(field, message) {
  return Object.assign(new Error(message), { field });
}

export function Send({ server, tell }) {
  const [form, setForm] = useState(START);
  const [preview, setPreview] = useState({});
  const [result, setResult] = useState({});
  const [asking, setAsking] = useState(null);
  const key = useRef(crypto.randomUUID?.() ?? String(Math.random()));
  const change = (name, value) => {
    setForm({ ...form, [name]: value });
    setResult({});
    key.current = newKey();
  };
  const set = (name) => (event) => change(name, event.target.type === "checkbox" ? event.target.checked : event.target.value);

  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setPreview({ value: await server.post("admin/notifications/preview", bodyOf(form), {}, controller.signal) });
      } catch (problem) {
        if (problem.name !== "AbortError") setPreview((before) => ({ value: before.value, problem }));
      }
    }, PREVIEW_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [form, server, result.receipt]);

  const send = async () => {
    setAsking(null);
    setResult({ busy: true });
    try {
      // the key makes a second click, or a try again after a lost answer, the same send
      const receipt = await server.post("notifications", bodyOf(form), { "Idempotency-Key": key.current });
      key.current = newKey();
      setResult({ receipt });
      tell(`Sent to ${plural(receipt.connections, "connection")}.`);
    } catch (problem) {
      setResult({ problem });
    }
  };
  const submit = (event) => {
    event.preventDefault();
    try {
      bodyOf(form);
    } catch (problem) {
      setResult({ problem });
      document.getElementById(problem.field === "data" ? "s-data" : problem.field === "event" ? "s-event" : form.kind === "nearby" ? "s-lat" : "s-name")?.focus();
      return;
    }
    if (form.kind === "everyone" || form.kind === "role") setAsking(true);
    else send();
  };

  const problem = result.problem ?? (result.receipt ? null : preview.problem);
  const field = problem?.field?.split(".")[0] ?? "";
  // what is merely not filled in yet is no fault before somebody presses the button
  const of = (name) => (field === name && (result.problem || problem.status) ? problem.message : undefined);
  const known = ["audience", "event", "data", "title", "message", "ttlMs", "timeToLive", "collapseKey", "priority"];
  return html`<div class="view">
    <h1>Send</h1>
    <div class="pair send">
      <form class="card send-form" onSubmit=${submit} novalidate>
        <fieldset><legend>To whom</legend>
          <${Field} id="s-kind" label="Audience" wide><select id="s-kind" onChange=${set("kind")}>
            ${Object.entries(KINDS).map(([value, label]) => html`<option value=${value} selected=${value === form.kind}>${label}</option>`)}
          </select><//>
          ${HINTS[form.kind] && html`<${Field} id="s-name" label=${form.kind === "users" ? "Users" : form.kind[0].toUpperCase() + form.kind.slice(1)} hint=${HINTS[form.kind]} problem=${of("audience")} wide>
            ${form.kind === "users"
              ? html`<textarea id="s-name" rows="3" aria-describedby="s-name-hint" value=${form.name} onInput=${set("name")}></textarea>`
              : html`<input id="s-name" aria-describedby="s-name-hint" value=${form.name} onInput=${set("name")} maxlength="255" />`}<//>`}
          ${form.kind === "nearby" && html`
            <${Field} id="s-lat" label="Latitude" problem=${of("audience")}><input id="s-lat" type="number" step="any" min="-90" max="90" value=${form.latitude} onInput=${set("latitude")} /><//>
            <${Field} id="s-lon" label="Longitude"><input id="s-lon" type="number" step="any" min="-180" max="180" value=${form.longitude} onInput=${set("longitude")} /><//>
            <${Field} id="s-radius" label="Radius, metres"><input id="s-radius" type="number" min="1" value=${form.radiusMeters} onInput=${set("radiusMeters")} /><//>
            <${Field} id="s-near-role" label="Role (optional)"><input id="s-near-role" value=${form.nearRole} onInput=${set("nearRole")} /><//>`}
        </fieldset>
        <fieldset><legend>What</legend>
          <${Field} id="s-event" label="Event" problem=${of("event")} hint="One of the seven that are worded here, or any name of your own." wide>
            <input id="s-event" list="s-events" aria-describedby="s-event-hint" value=${form.event} onInput=${set("event")} maxlength="255" />
            <datalist id="s-events">${EVENTS.map((e) => html`<option value=${e} />`)}</datalist>
          <//>
          <${Field} id="s-title" label="Title (optional)" problem=${of("title")} wide><input id="s-title" value=${form.title} onInput=${set("title")} placeholder="Else the formatter's" /><//>
          <${Field} id="s-message" label="Message (optional)" problem=${of("message")} wide><input id="s-message" value=${form.message} onInput=${set("message")} placeholder="Else the formatter's" /><//>
          <${Field} id="s-data" label="Data, a JSON object" problem=${of("data")} wide><textarea id="s-data" class="code" rows="5" spellcheck="false" value=${form.data} onInput=${set("data")}></textarea><//>
        </fieldset>
        <details><summary>Options</summary><div class="options">
          <label class="check"><input type="checkbox" checked=${form.durable} onChange=${set("durable")} /> Durable: kept in the log for whoever is away</label>
          <${Field} id="s-ttl" label="Lives for, seconds" problem=${of("ttlMs") ?? of("timeToLive")}><input id="s-ttl" type="number" min="1" value=${form.ttl} onInput=${set("ttl")} placeholder="For ever" /><//>
          <${Field} id="s-priority" label="Priority"><select id="s-priority" onChange=${set("priority")}>${["", "low", "normal", "high"].map((p) => html`<option value=${p} selected=${p === form.priority}>${p || "None"}</option>`)}</select><//>
          <${Field} id="s-collapse" label="Collapse key" problem=${of("collapseKey")} hint="A later one with the same key replaces this one for whoever is away." wide><input id="s-collapse" aria-describedby="s-collapse-hint" value=${form.collapseKey} onInput=${set("collapseKey")} /><//>
        </div></details>
        ${result.problem && !known.includes(field) && html`<${Failure} problem=${result.problem} again=${send} />`}
        <div class="send-buttons"><button class="primary" disabled=${result.busy}>${result.busy ? "Sending…" : "Send"}</button>
          <span class="soft">${reach(preview)}</span></div>
        <div role="status">${result.receipt && html`<${Receipt} receipt=${result.receipt} />`}</div>
      </form>
      <section class="preview" aria-labelledby="preview-title">
        <h2 id="preview-title">What the client will get</h2>
        <${Shown} preview=${preview} />
      </section>
    </div>
    ${asking && html`<${Dialog} title=${form.kind === "everyone" ? "Send to everyone?" : `Send to everybody with the role ${form.name}?`} onClose=${() => setAsking(null)}>
      <p>${preview.value ? `It goes to ${plural(preview.value.connections, "connection")} now` : "It goes out now"}${form.durable ? ", and to whoever of them comes back later" : ""}. It cannot be taken back.</p>
      <div class="dialog-buttons"><button type="button" class="quiet" onClick=${() => setAsking(null)}>Not yet</button>
        <button type="button" class="primary" onClick=${send}>Send</button></div>
    <//>`}
  </div>`;
}

function newKey() {
  return crypto.randomUUID?.() ?? String(Math.random());
}

function reach({ value, problem }) {
  if (!value || problem) return "";
  const whom = value.users ? `${plural(value.users, "user")}, ${plural(value.connections, "connection")}` : plural(value.connections, "connection");
  return `Would reach ${whom} now.`;
}

function Receipt({ receipt }) {
  return html`<div class="note note-good">
    <span>${receipt.duplicate ? "It had been sent already." : `Handed to ${plural(receipt.connections, "connection")}.`}
      ${receipt.position ? "" : " Volatile: the log keeps nothing of it."}</span>
    ${receipt.position && html`<a href="#/log/${receipt.id}">Follow it</a>`}
  </div>`;
}

function Shown({ preview: { value, problem } }) {
  if (problem && !value) {
    return html`<div class="card"><p class="soft">${problem.field && !problem.status ? "Fill in to whom and what; it appears here as you type." : problem.message}</p></div>`;
  }
  if (!value) {
    return html`<div class="card"><p class="soft">A moment…</p></div>`;
  }
  const n = value.notification;
  return html`<div class=${problem ? "stale" : ""}>
    <div class="card toast-card"><img src="icon.svg" alt="" width="32" height="32" />
      <div><p class="toast-title">${n.title || n.event}</p><p>${n.message || html`<span class="soft">No message</span>`}</p><p class="soft">${n.event}</p></div></div>
    <pre class="json" tabindex="0" aria-label="The notification as JSON">${JSON.stringify(n, null, 2)}</pre>
    <p class="soft">Id and time are samples. The handler of <code>${n.event}</code> receives exactly this, over every transport.</p>
  </div>`;
}
