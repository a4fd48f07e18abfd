// The connection breaks under the stock client; what was sent meanwhile arrives when it is back, once and in order.
import { strict as assert } from "node:assert";
import { io } from "socket.io-client";
import { base, exactly, once, send, until, userToken } from "./lib.mjs";

const socket = io(base + "/ws/notifications", {
  auth: { token: userToken }, transports: ["websocket"], reconnectionDelay: 300, reconnectionDelayMax: 300,
});
const received = [];
const seen = new Set();
socket.on("n", (notification) => {
  assert.ok(!seen.has(notification.id), "a notification came twice");
  seen.add(notification.id);
  received.push(notification);
});
await once(socket, "connected");
const [joined] = await Promise.all([once(socket, "joinedRoom"), socket.emit("joinRoom", { room: "job:7" })]);
assert.deepEqual(joined[0], { room: "job:7" });
let i = 0;
for (let round = 0; round < 3; round++) {
  await send("n", { i: i++ });
  await until(() => received.length === i, "the live one");
  const back = once(socket, "connected");
  socket.io.engine.close(); // as a broken network would, without a word to Socket.IO
  await send("n", { i: i++ });
  await send("n", { i: i++ }, { audience: { room: "job:7" } });
  const [hello] = await back;
  assert.ok(socket.recovered, "the client calls itself recovered");
  assert.ok(hello.rooms.includes("job:7"), "the room joined by hand came back");
  await until(() => received.length === i, "what was missed");
}
exactly(received, i);
socket.disconnect();
console.log("ok");
