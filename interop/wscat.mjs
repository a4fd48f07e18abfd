// wscat as PROTOCOL.md names it: what a person types, and what they see.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { send, until, userToken, ws } from "./lib.mjs";

const wscat = join(dirname(createRequire(import.meta.url).resolve("wscat/package.json")), "bin", "wscat");
for (const args of [
  ["-c", `${ws}/ws/notifications?token=${userToken}`],
  ["-c", `${ws}/ws/notifications`, "-H", `Authorization: Bearer ${userToken}`],
]) {
  const child = spawn(process.execPath, [wscat, ...args, "-w", "20", "-x", '{"event":"ping"}'], { stdio: ["pipe", "pipe", "inherit"] });
  let seen = "";
  child.stdout.on("data", (chunk) => (seen += chunk));
  await until(() => seen.includes('"event":"pong"'), "pong");
  await send("booking.created", { bookingId: 7 });
  await until(() => seen.includes('"event":"booking.created"'), "booking.created");
  assert.ok(seen.includes('"event":"connected"'));
  child.kill();
}
console.log("ok");
