// The server is killed with kill -9 and started again under a page that is left open in a real browser: the stock client and
// the EventSource on it each show every notification sent before, meanwhile and after, once and in order.
// Whoever runs this kills the server when it prints "kill", and writes a line to it once a new one listens.
import { strict as assert } from "node:assert";
import { launch, open, until } from "./browser.mjs";
import { base, exactly, sendSurely, userToken } from "./lib.mjs";

const TOTAL = 60;
const KILL_AT = 20;
const LOGS = ["ws", "sse"];
const send = (i) => sendSurely(`kill-9-page/${i}`, "my.own-event", { i });

const browser = await launch();
const page = await open(await browser.newContext());
await page.goto(`${base}/#token=${userToken}`);
for (const log of LOGS) {
  await page.locator(`#${log}-state.up`).waitFor();
}

/** What a list shows, the oldest first; the newest stands at its top. */
const shown = (log) => page.$$eval(`#${log}-log li`, (items) => items.reverse().map((item) => ({
  id: item.dataset.id, data: JSON.parse(item.querySelector("small").textContent.split(" · ").pop()),
})));
const all = (total) => until(async () => (await Promise.all(LOGS.map(shown))).every((list) => list.length >= total), `${total} in both lists`);

const back = new Promise((resolve) => process.stdin.once("data", resolve));
for (let i = 0; i < TOTAL; i++) {
  if (i === KILL_AT) {
    await all(KILL_AT);
    console.log("kill");
  }
  await send(i);
}
await back;
await all(TOTAL);
await send(TOTAL);
await all(TOTAL + 1);
for (const log of LOGS) {
  exactly(await shown(log), TOTAL + 1);
}
assert.deepEqual(page.complaints, []);
await browser.close();
process.stdin.destroy();
console.log("ok");
