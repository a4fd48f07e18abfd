// The two classes of the requirements' "Frontend Integration", as written there but for the address and the token.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { base, send, until, userToken } from "./lib.mjs";

const POLYFILL = 'import { EventSource } from "eventsource"; globalThis.EventSource = EventSource;\n';
for (const [file, before, connected] of [
  ["websocket-client.js", "", "Connected to notification service"],
  ["sse-client.js", POLYFILL, "SSE connection opened"],
]) {
  const code = before + readFileSync(new URL(`requirements/${file}`, import.meta.url), "utf8")
    .replaceAll("localhost:3000", new URL(base).host)
    .replaceAll("your-jwt-token", userToken);
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    cwd: new URL(".", import.meta.url), stdio: ["ignore", "pipe", "inherit"],
  });
  let logged = "";
  child.stdout.on("data", (chunk) => (logged += chunk));
  await until(() => logged.includes(connected), connected);
  await send("booking.created", { bookingId: 7 });
  await send("review.created", { rating: 5 });
  await send("nearby-job", { jobId: "j" });
  await until(() => logged.includes("Nearby job:"), "the three events in " + file);
  assert.match(logged, /New booking:[^]*New review:[^]*Nearby job:/);
  child.kill();
}
console.log("ok");
