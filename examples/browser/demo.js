// The token comes in the fragment of the address, which a browser never sends anywhere.
const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
const EVENTS = ["booking.created", "booking.accepted", "booking.reminder", "booking.completed", "review.created",
  "nearby-job", "system.maintenance", "my.own-event"];

function state(name, up, text) {
  const label = document.getElementById(name + "-state");
  label.textContent = text;
  label.className = "state " + (up ? "up" : "down");
}

function show(name, notification) {
  const item = document.createElement("li");
  const title = document.createElement("b");
  title.textContent = notification.title;
  const message = document.createElement("span");
  message.textContent = notification.message;
  const small = document.createElement("small");
  small.textContent = ` ${notification.event} · ${notification.createdAt} · ${JSON.stringify(notification.data)}`;
  item.dataset.id = notification.id;
  item.append(title, message, small);
  document.getElementById(name + "-log").prepend(item);
}

// Socket.IO: the address's path is the namespace; the request itself goes to /socket.io/.
const socket = io("/ws/notifications", { auth: { token } });
socket.on("connected", (hello) => {
  state("ws", true, `${hello.userId} ${socket.recovered ? "back" : "here"}`);
  document.querySelector("[name=userId]").value ||= hello.userId;
});
socket.on("disconnect", (reason) => state("ws", false, reason));
socket.on("connect_error", (error) => state("ws", false, error.message));
EVENTS.forEach((event) => socket.on(event, (notification) => show("ws", notification)));

// Server-Sent Events: the browser resumes by itself, with the id of the last event.
const source = new EventSource(`/notifications/sse?token=${encodeURIComponent(token)}`);
source.addEventListener("connected", (event) => state("sse", true, `${JSON.parse(event.data).userId} here`));
source.onerror = () => state("sse", false, "disconnected");
EVENTS.forEach((event) => source.addEventListener(event, (e) => show("sse", JSON.parse(e.data))));

document.getElementById("send").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  const form = new FormData(submit.target);
  const receipt = document.getElementById("receipt");
  try {
    const answer = await fetch("/dev/notifications/test", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({
        userId: form.get("userId"), event: form.get("event"), data: JSON.parse(form.get("data") || "{}"),
      }),
    });
    const body = await answer.json();
    receipt.textContent = answer.ok ? `sent as ${body.position} to ${body.connections} connections` : body.detail;
  } catch (error) {
    receipt.textContent = String(error);
  }
});
