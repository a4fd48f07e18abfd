// The server is killed with kill -9 and started again under stock clients that are left open: each shows every notification
// sent before, meanwhile and after, once and in order; so do those that leave on one transport and return on another.
// Whoever runs this kills the server when it prints "kill", and writes a line to it once a new one listens.
import { EventSource } from "eventsource";
import { io } from "socket.io-client";
import { base, exactly, once, sendSurely, until, userToken } from "./lib.mjs";

const TOTAL = 150;
const KILL_AT = 50;

/** Everything a client shows; its cursor is what its transport keeps. */
class Shown {
  notifications = [];
  cursor = "";
  take(notification, cursor) {
    this.notifications.push(notification);
    this.cursor = cursor;
  }
}

async function socketIo(shown, options) {
  const offset = shown.cursor ? { offset: shown.cursor } : {};
  const socket = io(base + "/ws/notifications", { auth: { token: userToken, ...offset }, forceNew: true, ...options });
  socket.on("n", (notification, cursor) => shown.take(notification, cursor));
  await once(socket, "connected");
  return socket;
}

async function stream(shown) {
  const resume = shown.cursor ? `&lastEventId=${shown.cursor}` : "";
  const source = new EventSource(`${base}/notifications/sse?token=${userToken}${resume}`);
  source.addEventListener("n", (event) => shown.take(JSON.parse(event.data), event.lastEventId));
  await new Promise((resolve) => source.addEventListener("connected", resolve, { once: true }));
  return source;
}

const send = (i) => sendSurely(`kill-9/${i}`, "n", { i });

const open = { upgrading: new Shown(), polling: new Shown(), socket: new Shown(), stream: new Shown() };
const clients = [
  await socketIo(open.upgrading, {}),
  await socketIo(open.polling, { transports: ["polling"] }),
  await socketIo(open.socket, { transports: ["websocket"] }),
];
const source = await stream(open.stream);
const fromStream = new Shown();
const fromSocket = new Shown();
const leavingStream = await stream(fromStream);
const leavingSocket = await socketIo(fromSocket, { transports: ["websocket"] });

const back = new Promise((resolve) => process.stdin.once("data", resolve));
for (let i = 0; i < TOTAL; i++) {
  if (i === KILL_AT / 2) {
    await until(() => fromStream.notifications.length === i && fromSocket.notifications.length === i, "the first ones");
    leavingStream.close();
    leavingSocket.disconnect();
  }
  if (i === KILL_AT) console.log("kill");
  await send(i);
}
await back;
for (const [name, shown] of Object.entries(open)) {
  await until(() => shown.notifications.length >= TOTAL, `everything over ${name}`);
}
const returnedSocket = await socketIo(fromStream, { transports: ["websocket"] });
const returnedStream = await stream(fromSocket);
await until(() => fromStream.notifications.length >= TOTAL, "what was missed, over Socket.IO after SSE");
await until(() => fromSocket.notifications.length >= TOTAL, "what was missed, over SSE after Socket.IO");
await send(TOTAL);
for (const shown of [...Object.values(open), fromStream, fromSocket]) {
  await until(() => shown.notifications.length > TOTAL, "a live one");
  exactly(shown.notifications, TOTAL + 1);
}
[...clients, returnedSocket].forEach((socket) => socket.disconnect());
[source, returnedStream].forEach((each) => each.close());
process.stdin.destroy();
console.log("ok");
