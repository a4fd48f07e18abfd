// The stock client over each way it can be told to connect, with notifications arriving all the while.
import { strict as assert } from "node:assert";
import { io } from "socket.io-client";
import { base, exactly, once, send, until, userId, userToken } from "./lib.mjs";

const TOTAL = 100;
for (const transports of [["websocket"], ["polling"], ["polling", "websocket"], ["websocket", "polling"]]) {
  for (const namespace of ["/", "/ws/notifications"]) {
    const socket = io(base + namespace, { auth: { token: userToken }, transports, forceNew: true });
    const received = [];
    socket.on("n", (notification) => received.push(notification));
    const [hello] = await once(socket, "connected");
    assert.equal(hello.userId, userId);
    assert.equal(hello.socketId, socket.id);
    for (let i = 0; i < TOTAL; i++) await send("n", { i });
    await until(() => received.length >= TOTAL, `${TOTAL} notifications over ${transports} in ${namespace}`);
    exactly(received, TOTAL);
    const last = transports.length === 1 ? transports[0] : "websocket";
    await until(() => socket.io.engine.transport.name === last, `the transport to be ${last}`);
    const stats = await socket.emitWithAck("getPresence");
    assert.equal(stats.connectionsByTransport[last], 1, JSON.stringify(stats));
    socket.disconnect();
    await until(() => socket.disconnected, "the goodbye");
  }
}
console.log("ok");
