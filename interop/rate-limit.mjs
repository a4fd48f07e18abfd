// A server that bears ten events in a minute: the eleventh is refused, and who keeps on is cut off.
import { strict as assert } from "node:assert";
import { plain, socketIo } from "./clients.mjs";

for (const open of [() => socketIo("websocket"), () => socketIo("polling"), plain]) {
  const client = await open();
  for (let i = 0; i < 10; i++) assert.ok((await client.ask("ping")).timestamp);
  const refused = await client.ask("ping");
  assert.equal(refused.code, "RATE_LIMITED");
  assert.ok(refused.retryAfterMs >= 1 && refused.retryAfterMs <= 60_000);
  for (let i = 0; i < 60; i++) client.emit("ping");
  await client.closed;
  client.close();
}
console.log("ok");
