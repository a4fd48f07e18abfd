// <notify-inbox>: a bell with the number of unread notifications and the list behind it, on the stock socket.io-client.
// Whatever is read, here or in another tab or on the phone, comes back as notificationRead; that alone changes the list, so
// all of a user's tabs show the same.
const PAGE = 30;
const MANY = 99;
/** Events that are the connection's own rather than notifications. */
const CONTROL = new Set(["connected", "heartbeat", "pong", "error", "gap", "notificationRead", "tokenExpiring",
  "tokenRefreshed", "joinedRoom", "leftRoom", "presenceStats", "locationUpdated"]);
const BELL = "M12 4a5.5 5.5 0 0 0-5.5 5.5V14L5 17h14l-1.5-3V9.5A5.5 5.5 0 0 0 12 4Zm-2 15.5a2 2 0 0 0 4 0";

class NotifyInbox extends HTMLElement {
  #token = null;
  #socket = null;
  #items = [];
  #unread = 0;
  #older = null;
  #loads = 0;
  #loading = false;
  #state = "connecting";
  #parts = {};

  /** Signs in; another token signs in anew. */
  set token(token) {
    this.#token = token;
    if (this.isConnected) {
      this.#connect();
    }
  }

  connectedCallback() {
    this.#build();
    this.#connect();
    document.addEventListener("click", this.#outside);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.#outside);
    this.#socket?.disconnect();
    this.#socket = null;
  }

  #connect() {
    this.#socket?.disconnect();
    if (!this.#token) {
      this.#become("signed out");
      return;
    }
    const socket = io("/ws/notifications", { auth: { token: this.#token }, forceNew: true });
    this.#socket = socket;
    // the list is read anew with every connection that was not recovered: nothing is missed, whatever happened between
    socket.on("connected", () => {
      this.#become("live");
      if (!socket.recovered) this.#load();
    });
    socket.on("gap", () => this.#load());
    socket.on("disconnect", (reason) => this.#become(reason === "io server disconnect" ? "ended" : "away"));
    socket.on("connect_error", (error) => this.#become(error.data?.code === "UNAUTHORIZED" ? "refused" : "away"));
    socket.on("notificationRead", (read) => this.#read(read));
    socket.onAny((event, notification) => {
      if (!CONTROL.has(event) && notification?.id) this.#arrived(notification);
    });
  }

  async #ask(path, options = {}) {
    const answer = await fetch(path, { ...options, headers: { Authorization: `Bearer ${this.#token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  }

  /** Reads the newest page; what happens meanwhile reads it once more, so that no answer is older than what is shown. */
  async #load() {
    const load = ++this.#loads;
    this.#loading = true;
    try {
      const [page, unread] = await Promise.all([
        this.#ask(`/notifications?limit=${PAGE}`), this.#ask("/notifications/unread-count")]);
      if (load === this.#loads) {
        this.#items = page.items.reverse();
        this.#older = page.next;
        this.#unread = unread.count;
        this.#draw();
      }
    } catch {
      if (load === this.#loads) this.#become("away");
    } finally {
      if (load === this.#loads) this.#loading = false;
    }
  }

  async #loadOlder() {
    try {
      const page = await this.#ask(`/notifications?limit=${PAGE}&before=${encodeURIComponent(this.#older)}`);
      const known = new Set(this.#items.map((item) => item.id));
      this.#items.push(...page.items.reverse().filter((item) => !known.has(item.id)));
      this.#older = page.next;
      this.#draw();
    } catch {
      this.#become("away");
    }
  }

  #arrived(notification) {
    this.#parts.said.textContent = `New: ${notification.title}`;
    if (this.#items.some((item) => item.id === notification.id)) return;
    this.#items.unshift({ ...notification, readAt: null });
    this.#unread++;
    this.#draw();
    this.#loadAgain();
  }

  #read({ notificationId, all, readAt }) {
    for (const item of this.#items) {
      if ((all || item.id === notificationId) && !item.readAt) {
        item.readAt = readAt;
        this.#unread--;
      }
    }
    if (all) this.#unread = 0;
    this.#draw();
    if (all || this.#items.some((item) => item.id === notificationId)) this.#loadAgain();
    else this.#load();
  }

  /** An answer on its way may not know of this: it is asked for anew. */
  #loadAgain() {
    if (this.#loading) this.#load();
  }

  /** Tells the server; the answer to everybody is what changes the list. */
  #markRead(item) {
    if (!item.readAt) this.#socket?.emit("markNotificationRead", { notificationId: item.id });
    this.dispatchEvent(new CustomEvent("notification", { detail: item, bubbles: true }));
  }

  #become(state) {
    this.#state = state;
    this.#draw();
  }

  // ---- what is seen

  #build() {
    const make = (name, properties = {}, ...children) => {
      const element = Object.assign(document.createElement(name), properties);
      element.append(...children);
      return element;
    };
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    svg.firstChild.setAttribute("d", BELL);
    const parts = {
      count: make("span", { className: "count", hidden: true, ariaHidden: "true" }),
      bell: make("button", { type: "button", className: "bell", ariaExpanded: "false" }, svg),
      all: make("button", { type: "button", className: "plain", textContent: "Mark all as read" }),
      away: make("p", { className: "away", hidden: true }),
      list: make("ul"),
      note: make("p", { className: "note", textContent: "Loading…" }),
      more: make("button", { type: "button", className: "plain", textContent: "Show older ones", hidden: true }),
      said: make("p", { className: "said", role: "status" }),
    };
    parts.bell.append(parts.count);
    parts.panel = make("section", { className: "panel", hidden: true, ariaLabel: "Notifications" },
      make("div", { className: "head" }, make("h2", { textContent: "Notifications" }), parts.all),
      parts.away, parts.list, parts.note, parts.more);
    parts.bell.addEventListener("click", () => this.#open(parts.panel.hidden));
    parts.all.addEventListener("click", () => this.#ask("/notifications/read-all", { method: "POST" }).catch(() => this.#become("away")));
    parts.more.addEventListener("click", () => this.#loadOlder());
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !parts.panel.hidden) {
        this.#open(false);
        parts.bell.focus();
      }
    });
    this.#parts = parts;
    this.replaceChildren(parts.bell, parts.panel, parts.said);
  }

  #outside = (event) => {
    if (!event.composedPath().includes(this)) this.#open(false);
  };

  #open(open) {
    this.#parts.panel.hidden = !open;
    this.#parts.bell.ariaExpanded = String(open);
  }

  #draw() {
    const { bell, count, all, away, list, note, more } = this.#parts;
    if (!bell) return;
    count.hidden = this.#unread <= 0;
    count.textContent = this.#unread > MANY ? `${MANY}+` : this.#unread;
    bell.ariaLabel = this.#unread > 0 ? `Notifications, ${this.#unread} unread` : "Notifications, none unread";
    all.disabled = this.#unread <= 0;
    const words = {
      away: "Not connected; trying again. What is missed meanwhile comes then.",
      ended: "The server ended this connection. Reload the page to come back.",
      refused: "Your session is over. Sign in again to see your notifications.",
      "signed out": "Sign in to see your notifications.",
    }[this.#state];
    away.hidden = !words;
    away.textContent = words ?? "";
    const focused = list.contains(document.activeElement) ? document.activeElement.parentElement.dataset.id : null;
    list.replaceChildren(...this.#items.map((item) => this.#row(item)));
    if (focused) list.querySelector(`[data-id="${focused}"] button`)?.focus();
    note.hidden = this.#items.length > 0 || Boolean(words);
    note.textContent = this.#state === "connecting" ? "Loading…" : "Nothing here yet. New notifications appear by themselves.";
    more.hidden = !this.#older;
  }

  #row(item) {
    const span = (name, text) => Object.assign(document.createElement("span"), { className: name, textContent: text });
    const time = Object.assign(document.createElement("time"), { dateTime: item.createdAt, textContent: new Date(item.createdAt).toLocaleString() });
    const text = document.createElement("span");
    text.append(span("title", item.title || item.event), span("message", item.message), time);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "item" });
    button.append(span("mark", ""), text);
    if (!item.readAt) text.append(span("said", ", unread"));
    button.addEventListener("click", () => this.#markRead(item));
    const row = Object.assign(document.createElement("li"), { className: item.readAt ? "" : "unread" });
    row.dataset.id = item.id;
    row.append(button);
    return row;
  }
}

customElements.define("notify-inbox", NotifyInbox);

// ---- this page's own: where its token comes from, and the form that tries it out

const token = new URLSearchParams(location.hash.slice(1)).get("token");
document.querySelector("notify-inbox").token = token;

document.getElementById("try")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const output = event.target.querySelector("output");
  try {
    const { sub } = JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    const answer = await fetch("/dev/notifications/test", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ userId: sub, event: event.target.querySelector("select").value, data: { customerName: "Ann", rating: 5 } }),
    });
    output.textContent = answer.ok ? "" : (await answer.json()).detail;
  } catch {
    output.textContent = "It could not be sent. Is the server running, and the link to this page whole?";
  }
});
