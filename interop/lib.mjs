// What every interop script shares: where the server is, how to send, how to wait. Arguments: base URL, then tokens.
import { strict as assert } from "node:assert";

export const [base, userToken, serviceToken] = process.argv.slice(2);
export const userId = JSON.parse(Buffer.from(userToken.split(".")[1], "base64url")).sub;
export const ws = base.replace("http", "ws");

const LIMIT_MS = Number(process.env.LIMIT_MS ?? 30_000);
setTimeout(() => {
  console.error("the script did not finish in time");
  process.exit(2);
}, LIMIT_MS).unref();

export async function send(event, data, more = {}) {
  const answer = await fetch(`${base}/notifications`, {
    method: "POST",
    headers: { Authorization: `Bearer ${serviceToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ audience: { user: userId }, event, data, ...more }),
  });
  assert.ok(answer.ok, `send: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

/** As a back end does over a server that may be killed under it: with a key, and again until the answer is yes. */
export async function sendSurely(key, event, data) {
  while (true) {
    try {
      const answer = await fetch(`${base}/notifications`, {
        method: "POST",
        headers: { Authorization: `Bearer ${serviceToken}`, "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify({ audience: { user: userId }, event, data }),
        signal: AbortSignal.timeout(3000),
      });
      if (answer.ok) return;
    } catch {
      // killed under it
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when the emitter says the event. */
export const once = (emitter, event) => new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));

/** Resolves once the condition holds; it is looked at whenever something arrives. */
export async function until(condition, what) {
  const started = Date.now();
  while (!condition()) {
    assert.ok(Date.now() - started < LIMIT_MS, `waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Nothing lost, nothing doubled, nothing out of order. */
export function exactly(received, total) {
  assert.deepEqual(received.map((n) => n.data.i), Array.from({ length: total }, (_, i) => i));
  assert.equal(new Set(received.map((n) => n.id)).size, total);
}
