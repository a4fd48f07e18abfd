// The inbox widget and the demo page, in a real browser. Arguments: base, folder for pictures; JWT_SECRET.
import { strict as assert } from "node:assert";
import { accessible, door, fits, launch, open, token, until } from "./browser.mjs";

const [base, pictures] = process.argv.slice(2);
const tokens = { shop: token("shop", "SERVICE"), fay: token("fay", "CUSTOMER"), gil: token("gil", "CUSTOMER") };
const browser = await launch();
const front = await door(base);
const context = await browser.newContext({ viewport: { width: 900, height: 640 }, colorScheme: "light", locale: "en-GB" });

async function send(data, event = "booking.created") {
  const answer = await fetch(`${base}/notifications`, {
    method: "POST",
    headers: { Authorization: `Bearer ${tokens.shop}`, "Content-Type": "application/json" },
    body: JSON.stringify({ audience: { user: "fay" }, event, data }),
  });
  assert.equal(answer.status, 201);
}

const count = async (page) => (await page.locator(".count").isVisible()) ? Number(await page.locator(".count").textContent()) : 0;
const counts = (pages, n) => until(async () => (await Promise.all(pages.map(count))).every((c) => c === n), `${n} unread in every tab`);

// ---- what was sent before is there, and everything is told to both tabs

await send({ customerName: "Ann", service: "Cleaning" });
const tabs = [await open(context), await open(context)];
for (const tab of tabs) {
  await tab.goto(`${front.base}/inbox.html#token=${tokens.fay}`);
}
const [first, second] = tabs;
await counts(tabs, 1);
await send({ customerName: "Ben", service: "Gardening" });
await send({ rating: 5, reviewerName: "Cy" }, "review.created");
await counts(tabs, 3);

// ---- by the keyboard: open, read one

await first.getByRole("button", { name: "Notifications, 3 unread" }).focus();
await first.keyboard.press("Enter");
await first.getByRole("region", { name: "Notifications" }).waitFor();
await second.getByRole("button", { name: "Notifications, 3 unread" }).click();
for (const tab of tabs) {
  assert.equal(await tab.locator("li.unread").count(), 3);
  await accessible(tab, "the inbox", "notify-inbox"); // it lies over a part of the page
}
await first.screenshot({ path: `${pictures}/inbox.png` });
await first.getByRole("button", { name: /Ben would like to book Gardening/ }).focus();
await first.keyboard.press("Enter");
await counts(tabs, 2);
assert.equal(await first.evaluate(() => /Ben would like/.test(document.activeElement.textContent)), true);
for (const tab of tabs) {
  await until(async () => (await tab.locator("li.unread").count()) === 2, "the row is read in both");
}
await second.getByRole("button", { name: "Mark all as read" }).click();
await counts(tabs, 0);
await first.keyboard.press("Escape");
assert.equal(await first.getByRole("region", { name: "Notifications" }).isVisible(), false);

// ---- cut off, and back: nothing is missed

front.shut();
await until(async () => second.getByText("Not connected; trying again").isVisible(), "it says that it is cut off");
await send({ customerName: "Dan" });
front.open();
await counts(tabs, 1);

// ---- the form of the page, a phone, a token that is no good

await first.getByRole("button", { name: "Send" }).click();
await counts(tabs, 2);
await first.setViewportSize({ width: 390, height: 700 });
await first.getByRole("button", { name: "Notifications, 2 unread" }).click();
await fits(first, "the inbox on a phone");
await first.emulateMedia({ colorScheme: "dark" });
await accessible(first, "the inbox, dark", "notify-inbox");
const stranger = await open(context);
await stranger.goto(`${front.base}/inbox.html#token=no.good.token`);
await stranger.getByRole("button", { name: /^Notifications/ }).click();
await stranger.getByText("Your session is over.").waitFor();

// ---- the demo page

const demo = await open(context);
await demo.setViewportSize({ width: 1000, height: 520 });
await demo.goto(`${front.base}/#token=${tokens.gil}`);
await until(async () => (await demo.locator(".state.up").count()) === 2, "both clients are here");
await demo.getByRole("button", { name: "Send" }).click();
await demo.locator("#ws-log li").waitFor();
await demo.locator("#sse-log li").waitFor();
assert.equal(await demo.locator("#ws-log li").getAttribute("data-id"), await demo.locator("#sse-log li").getAttribute("data-id"));
await accessible(demo, "the demo page");
await demo.screenshot({ path: `${pictures}/demo.png` });

assert.deepEqual([...tabs, stranger, demo].flatMap((page) => page.complaints), []);
await browser.close();
console.log("ok");
process.exit(0);
