// Upgrades under traffic, again and again: nothing is lost, doubled or reordered while the transport changes.
import { io } from "socket.io-client";
import { base, exactly, once, send, until, userToken } from "./lib.mjs";

const ROUNDS = 10;
const TOTAL = 60;
for (let round = 0; round < ROUNDS; round++) {
  const socket = io(base, { auth: { token: userToken }, transports: ["polling", "websocket"], forceNew: true });
  const received = [];
  const echoed = [];
  socket.on("n", (notification) => received.push(notification));
  await once(socket, "connected");
  const echoes = [];
  for (let i = 0; i < TOTAL; i++) {
    echoes.push(socket.emitWithAck("echo", { i }).then((answer) => echoed.push(answer)));
    await send("n", { i });
  }
  await until(() => received.length >= TOTAL, "all notifications");
  await Promise.all(echoes);
  exactly(received, TOTAL);
  exactly(echoed.map((answer) => ({ id: answer.i, data: answer })), TOTAL);
  await until(() => socket.io.engine.transport.name === "websocket", "the upgrade");
  socket.disconnect();
}
console.log("ok");
