// The bare WebSocket: since=, refusals before the upgrade, malformed frames, binary frames.
import { strict as assert } from "node:assert";
import WebSocket from "ws";
import { exactly, send, until, userToken, ws } from "./lib.mjs";

function open(query = "", options = {}) {
  const socket = new WebSocket(`${ws}/ws/notifications?token=${userToken}${query}`, options);
  const heard = [];
  socket.on("message", (text) => heard.push(JSON.parse(text)));
  return { socket, heard, ready: until(() => heard.some((f) => f.event === "connected"), "connected") };
}
const first = open();
await first.ready;
const received = [];
let position = first.heard[0].position;
const collect = (heard) => heard.filter((f) => f.event === "n").forEach((f) => {
  assert.equal(f.id, f.data.id);
  position = f.position;
  received.push(f.data);
});
first.socket.terminate();
let i = 0;
for (let round = 0; round < 3; round++) {
  await send("n", { i: i++ });
  await send("n", { i: i++ });
  const again = open(`&since=${position}`);
  await again.ready;
  await until(() => again.heard.filter((f) => f.event === "n").length === 2, "what was missed");
  collect(again.heard);
  again.socket.terminate();
}
exactly(received, i);

const gap = open("&since=other-3");
await gap.ready;
await until(() => gap.heard.some((f) => f.event === "gap"), "the gap");
assert.equal(gap.heard.find((f) => f.event === "gap").data.reason, "epoch");
for (const bad of ["", "no json", "[]", "{}", '{"event":7}', '{"event":"ping","event":"ping"}', "{".repeat(1000)]) {
  const before = gap.heard.length;
  gap.socket.send(bad);
  await until(() => gap.heard.length > before, `an answer to ${bad.slice(0, 20)}`);
  assert.equal(gap.heard.at(-1).data.code, "INVALID_PAYLOAD");
}
gap.socket.send(Buffer.from([1, 2, 3]));
await until(() => gap.heard.filter((f) => f.event === "error").length === 8, "an answer to binary");
gap.socket.close();

for (const [url, options, status] of [
  [`${ws}/ws/notifications`, {}, 401],
  [`${ws}/ws/notifications?token=no`, {}, 401],
  [`${ws}/ws/notifications?token=${userToken}`, { origin: "https://evil.example" }, 403],
]) {
  const socket = new WebSocket(url, options);
  const answer = await new Promise((resolve) => socket.on("unexpected-response", (request, response) => resolve(response)));
  assert.equal(answer.statusCode, status);
  answer.destroy();
}
console.log("ok");
