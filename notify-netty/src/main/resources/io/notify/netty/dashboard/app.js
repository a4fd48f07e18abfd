// The page: who is signed in, which view is shown, and the live figures that all views share.
import { html, render, useCallback, useEffect, useMemo, useRef, useState } from "./preact.js";
import { Server, claims, keepToken, storedToken } from "./server.js";
import { Failure, Field, Icon } from "./parts.js";
import { Overview } from "./overview.js";
import { Log } from "./log.js";
import { Online } from "./online.js";
import { Send } from "./send.js";

const VIEWS = { overview: ["Overview", Overview], log: ["Log", Log], online: ["Online", Online], send: ["Send", Send] };
const KEPT = 300;
const THEME = "notify.theme";

/** `#/log/ID?user=42` as {view, id, search, parameters}. */
function parse(hash) {
  const [path, search = ""] = hash.slice(1).split("?");
  const [, view, id] = path.split("/");
  return {
    view: VIEWS[view] ? view : "overview",
    id: id ? decodeURIComponent(id) : null,
    search: search ? `?${search}` : "",
    parameters: new URLSearchParams(search),
  };
}

function useRoute() {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return useMemo(() => parse(hash), [hash]);
}

function go(hash) {
  location.hash = hash;
}

function App() {
  const [session, setSession] = useState(() => ({ token: storedToken() }));
  // the link that the server prints, opened where the page is open already
  useEffect(() => {
    const changed = () => location.hash.startsWith("#token=") && setSession({ token: storedToken() });
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  const end = (problem) => {
    keepToken(null);
    setSession({ token: null, problem });
  };
  const begin = (token) => {
    keepToken(token);
    setSession({ token });
  };
  return session.token
    ? html`<${Signed} key=${session.token} token=${session.token} end=${end} />`
    : html`<${SignIn} begin=${begin} problem=${session.problem} />`;
}

function SignIn({ begin, problem }) {
  const [state, setState] = useState({ problem });
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  const submit = async (event) => {
    event.preventDefault();
    const token = field.current.value.trim().replace(/^Bearer\s+/i, "");
    if (!token) {
      setState({ problem: { message: "Paste a token first." } });
      return;
    }
    setState({ busy: true });
    try {
      await new Server(token).get("admin/connections", { limit: 1 });
      begin(token);
    } catch (refusal) {
      setState({ problem: refusal });
      field.current.focus();
    }
  };
  return html`<main class="sign-in">
    <form class="card" onSubmit=${submit}>
      <p class="brand"><img src="icon.svg" alt="" width="36" height="36" /> notify</p>
      <h1>Sign in</h1>
      <p class="soft">With an administrator's token: a JWT of this server whose <code>roles</code> hold <code>ADMIN</code>. It stays in this tab.</p>
      ${state.problem && html`<${Failure} problem=${state.problem} />`}
      <${Field} id="token" label="Token" wide>
        <input id="token" ref=${field} type="password" autocomplete="off" spellcheck="false" aria-invalid=${state.problem ? "true" : "false"} />
      <//>
      <button class="primary" disabled=${state.busy}>${state.busy ? "Signing in…" : "Sign in"}</button>
      <details><summary>Where do I get one?</summary>
        <p>The server mints one in the directory that it runs in:</p>
        <pre class="json" tabindex="0">java -jar notify-runner.jar token --sub me --role ADMIN</pre>
        <p>In development it also prints a link to this page that signs in by itself.</p>
      </details>
    </form>
  </main>`;
}

function Signed({ token, end }) {
  const route = useRoute();
  const [figures, setFigures] = useState([]);
  const [link, setLink] = useState({ state: "connecting" });
  const [said, setSaid] = useState(null);
  const main = useRef(null);
  const server = useMemo(() => new Server(token, end), [token]);
  const who = useMemo(() => claims(token), [token]);
  const tell = useCallback((words) => setSaid({ words }), []);

  useEffect(() => {
    const controller = new AbortController();
    server.watch(
      (event, data) => {
        if (event === "history") setFigures(data);
        if (event === "figures") setFigures((before) => [...before.slice(1 - KEPT), data]);
      },
      (state, words) => setLink((before) => (before.state === state ? before : { state, words })),
      controller.signal,
    );
    return () => controller.abort();
  }, [server]);

  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(null), 5000);
    return () => clearTimeout(timer);
  }, [said]);

  const [title, View] = VIEWS[route.view];
  const first = useRef(true);
  useEffect(() => {
    document.title = `${title} · notify`;
    if (!first.current) main.current.focus({ preventScroll: true });
    first.current = false;
    scrollTo(0, 0);
  }, [route.view]);

  return html`<div class="shell">
    <a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); main.current.focus(); }}>Skip to the content</a>
    <header class="side">
      <p class="brand"><img src="icon.svg" alt="" width="28" height="28" /> notify</p>
      <nav aria-label="Views">${Object.entries(VIEWS).map(([name, [label]]) => html`<a key=${name} href="#/${name}" aria-current=${name === route.view ? "page" : null}>
        <${Icon} name=${name} /><span>${label}</span></a>`)}</nav>
      <div class="side-foot">
        <${Link} link=${link} />
        <p class="who" title=${who.exp ? `until ${new Date(who.exp * 1000).toLocaleString()}` : ""}>${who.sub ?? "administrator"}</p>
        <div class="side-buttons">
          <button type="button" class="icon-button" aria-label="Switch between light and dark" title="Light or dark" onClick=${switchTheme}><${Icon} name="theme" /></button>
          <button type="button" class="icon-button" aria-label="Sign out" title="Sign out" onClick=${() => end(null)}><${Icon} name="out" /></button>
        </div>
      </div>
    </header>
    <main id="main" ref=${main} tabindex="-1" aria-label=${title}>
      ${link.state === "away" && html`<div class="note note-warn" role="alert">${link.words} Trying again by itself; what is shown is from before.</div>`}
      <${View} server=${server} figures=${figures} route=${route} go=${go} tell=${tell} />
    </main>
    <div class="toasts" role="status" aria-live="polite">${said && html`<p class="toast">${said.words}</p>`}</div>
  </div>`;
}

function Link({ link }) {
  const words = { connecting: "Connecting", live: "Live", away: "Reconnecting" }[link.state];
  return html`<p class="link link-${link.state}" role="status"><span class="dot" aria-hidden="true"></span>${words}</p>`;
}

function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchTheme() {
  setTheme(dark() ? "light" : "dark");
  localStorage.setItem(THEME, document.documentElement.dataset.theme);
  dispatchEvent(new Event("notify-theme"));
}

function setTheme(name) {
  if (name) document.documentElement.dataset.theme = name;
}

setTheme(localStorage.getItem(THEME));
const page = document.getElementById("app");
page.replaceChildren();
render(html`<${App} />`, page);
