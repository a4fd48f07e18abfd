// Clients of every two-way transport behind one face: what they heard, and asking with an acknowledgement.
import { io } from "socket.io-client";
import WebSocket from "ws";
import { base, once, until, userToken, ws } from "./lib.mjs";

/** A client that can ask with an acknowledgement and hear events, whatever it is made of. */
export async function socketIo(transport) {
  const socket = io(base, { transports: [transport], auth: { token: userToken }, forceNew: true });
  const heard = [];
  socket.onAny((event, data) => heard.push({ event, data }));
  await once(socket, "connected");
  return {
    heard,
    emit: (event, data) => socket.emit(event, data),
    ask: (event, data) => socket.emitWithAck(event, data),
    closed: new Promise((resolve) => socket.once("disconnect", resolve)),
    close: () => socket.disconnect(),
  };
}
export async function plain() {
  const socket = new WebSocket(`${ws}/ws/notifications?token=${userToken}`);
  const heard = [];
  const waiting = new Map();
  let acks = 0;
  socket.on("message", (text) => {
    const frame = JSON.parse(text);
    heard.push(frame);
    waiting.get(frame.ack)?.(frame.data);
  });
  await until(() => heard.some((f) => f.event === "connected"), "connected");
  return {
    heard,
    emit: (event, data) => socket.send(JSON.stringify({ event, data })),
    ask: (event, data) => new Promise((resolve) => {
      waiting.set(++acks, resolve);
      socket.send(JSON.stringify({ event, data, ack: acks }));
    }),
    closed: new Promise((resolve) => socket.once("close", resolve)),
    close: () => socket.close(),
  };
}
