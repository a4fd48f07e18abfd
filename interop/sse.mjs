// EventSource: the token by query, the resume by Last-Event-ID, the refusals, and what a curl sees.
import { strict as assert } from "node:assert";
import { EventSource } from "eventsource";
import { base, exactly, send, until, userToken } from "./lib.mjs";

const url = `${base}/notifications/sse?token=${userToken}`;
const received = [];
let lastEventId = "";
function open(headers = {}) {
  const source = new EventSource(url, {
    fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
  });
  source.addEventListener("n", (event) => {
    lastEventId = event.lastEventId;
    received.push(JSON.parse(event.data));
  });
  return new Promise((resolve) => source.addEventListener("connected", (event) => {
    lastEventId ||= event.lastEventId;
    resolve(source);
  }));
}
let source = await open();
assert.match(lastEventId, /^[a-z0-9]+-\d+$/);
let i = 0;
await send("n", { i: i++ });
await until(() => received.length === i, "the live one");
for (let round = 0; round < 3; round++) {
  source.close();
  await send("n", { i: i++ });
  await send("n", { i: i++ });
  source = await open({ "Last-Event-ID": lastEventId });
  await until(() => received.length === i, "what was missed");
}
source.close();
exactly(received, i);

// header, cookie and query bring the same person in; the raw stream begins with retry and id
for (const [address, headers] of [
  [`${base}/notifications/sse`, { Authorization: `Bearer ${userToken}` }],
  [`${base}/notifications/sse`, { Cookie: `access_token=${userToken}` }],
  [url, {}],
  [`${url}&lastEventId=${lastEventId}`, {}],
]) {
  const abort = new AbortController();
  const answer = await fetch(address, { headers, signal: abort.signal });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^text\/event-stream/);
  assert.equal(answer.headers.get("cache-control"), "no-cache");
  assert.equal(answer.headers.get("x-accel-buffering"), "no");
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of answer.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("event: connected\n")) break;
  }
  abort.abort();
  assert.match(text, /^retry: [1-5]\d{3}\n\nid: [a-z0-9]+-\d+\n\nid: /);
}
for (const headers of [{}, { Authorization: "Bearer no" }]) {
  const answer = await fetch(`${base}/notifications/sse`, { headers });
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
}
const foreign = await fetch(url, { headers: { Origin: "https://evil.example" } });
assert.equal(foreign.status, 403);

const abort = new AbortController();
const test = await fetch(`${base}/notifications/sse/test`, { signal: abort.signal });
let text = "";
for await (const chunk of test.body) {
  text += new TextDecoder().decode(chunk);
  if (text.includes("event: heartbeat")) break;
}
abort.abort();
assert.match(text, /event: connected\n[^]*event: booking\.created\n/);
console.log("ok");
