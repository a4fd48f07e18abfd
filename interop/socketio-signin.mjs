// Every way to hand over a token, and every refusal, as the stock client sees them.
import { strict as assert } from "node:assert";
import { io } from "socket.io-client";
import { base, once, userId, userToken } from "./lib.mjs";

async function connected(url, options) {
  const socket = io(url, { forceNew: true, ...options });
  const [hello] = await once(socket, "connected");
  assert.equal(hello.userId, userId);
  socket.disconnect();
}
async function refused(url, options) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  const [error] = await once(socket, "connect_error");
  assert.equal(error.data?.code, "UNAUTHORIZED", `expected UNAUTHORIZED, got ${error.message}`);
  socket.disconnect();
}
for (const transports of [["websocket"], ["polling"]]) {
  for (const namespace of ["", "/ws/notifications"]) {
    await connected(base + namespace, { transports, auth: { token: userToken } });
    await connected(base + namespace, { transports, auth: { token: `Bearer ${userToken}` } });
    await connected(base + namespace, { transports, extraHeaders: { Authorization: `Bearer ${userToken}` } });
    await connected(base + namespace + `?token=${userToken}`, { transports });
    await connected(base + namespace + "?token=bad", { transports, auth: { token: userToken } });
    await refused(base + namespace, { transports });
    await refused(base + namespace, { transports, auth: { token: "bad" } });
    await refused(base + namespace, { transports, auth: { token: 7 } });
    await refused(base + namespace + `?token=${userToken}`, { transports, auth: { token: "bad" } });
    await refused(base + namespace, { transports, extraHeaders: { Authorization: "Bearer x.y.z" } });
  }
  // a client that set the path instead of the namespace
  await connected(base, { transports, path: "/ws/notifications", auth: { token: userToken } });
}
const unknown = io(base + "/nowhere", { forceNew: true, reconnection: false, auth: { token: userToken } });
const [error] = await once(unknown, "connect_error");
assert.equal(error.message, "Invalid namespace");
unknown.disconnect();
console.log("ok");
