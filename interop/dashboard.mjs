// The operators' page as one uses it, in a real browser. Arguments: base, folder for pictures; JWT_SECRET.
import { strict as assert } from "node:assert";
import { EventSource } from "eventsource";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { accessible, door, fits, launch, open, token, until } from "./browser.mjs";

const [base, pictures] = process.argv.slice(2);
const tokens = {
  admin: token("admin", "ADMIN"),
  shop: token("shop", "SERVICE"),
  ann: token("ann", "CUSTOMER"),
  ben: token("ben", "PROFESSIONAL"),
  cy: token("cy", "PROFESSIONAL"),
  dan: token("dan", "CUSTOMER"),
};
const DESKTOP = { width: 1360, height: 900 };
const PHONE = { width: 390, height: 844 };

const browser = await launch();
const front = await door(base);
const context = await browser.newContext({ viewport: DESKTOP, colorScheme: "light", locale: "en-GB" });
const page = await open(context);
const picture = (name, options = {}) => page.screenshot({ path: `${pictures}/${name}.png`, ...options });
const see = (text) => page.getByText(text).first().waitFor();

async function send(body) {
  const answer = await fetch(`${base}/notifications`, {
    method: "POST",
    headers: { Authorization: `Bearer ${tokens.shop}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

/** In both colour schemes, on the view that is open. */
async function sound(where) {
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${where}, ${colorScheme}`);
  }
  await fits(page, where);
}

// ---- signing in: refused in words, then accepted; the token is in no address

await page.goto(`${front.base}/admin/`);
await page.getByLabel("Token").waitFor();
await sound("sign-in");
await page.keyboard.type("no.token.atall");
await page.keyboard.press("Enter");
await see("The token was refused");
await page.getByLabel("Token").fill(tokens.ann);
await page.keyboard.press("Enter");
await see("it lacks the role ADMIN");
const addresses = [];
page.on("request", (request) => addresses.push(request.url()));
await page.getByLabel("Token").fill(`Bearer ${tokens.admin}`);
await page.getByRole("button", { name: "Sign in" }).click();
await page.getByRole("heading", { name: "Overview" }).waitFor();
await page.getByText("Live", { exact: true }).waitFor();
await see("Nobody is online");
await see("Nothing has been sent yet");
await sound("an empty overview");

// ---- clients of every kind, and traffic

const ann = io(`${base}/ws/notifications`, { auth: { token: tokens.ann }, transports: ["websocket"] });
const annToo = io(`${base}/ws/notifications`, { auth: { token: tokens.ann }, transports: ["polling"], forceNew: true });
const ben = io(`${base}/ws/notifications`, { auth: { token: tokens.ben }, transports: ["websocket"], forceNew: true });
const cy = new WebSocket(`${base.replace("http", "ws")}/ws/notifications?token=${tokens.cy}`);
const dan = new EventSource(`${base}/notifications/sse?token=${tokens.dan}`);
dan.onerror = () => {};
await Promise.all([ann, annToo, ben].map((socket) => new Promise((resolve) => socket.once("connected", resolve))));
await ann.emitWithAck("joinRoom", "job:7");
await until(() => dan.readyState === EventSource.OPEN && cy.readyState === WebSocket.OPEN, "all five are connected");

let sent = 0;
const BODIES = [
  { audience: { user: "ann" }, event: "booking.created", data: { bookingId: "B-1", customerName: "Ben", service: "Cleaning" } },
  { audience: { everyone: true }, event: "system.maintenance", data: { message: "A short pause tonight at two." } },
  { audience: { room: "job:7" }, event: "nearby-job", data: { jobTitle: "Garden work", distanceMeters: 420 } },
  { audience: { role: "PROFESSIONAL" }, event: "review.created", data: { reviewerName: "Ann", rating: 5 } },
];
let traffic = true;
const flow = (async () => {
  while (traffic) {
    await Promise.all(Array.from({ length: 1 + Math.round(4 + 3 * Math.sin(sent / 20)) }, () => send(BODIES[sent++ % BODIES.length])));
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
})();

// ---- figures and charts move

const tile = (label) => page.locator(".tile", { hasText: label }).locator("dd");
await until(async () => (await tile("Connections").textContent()) === "5", "five connections are shown");
assert.equal(await tile("Online users").textContent(), "4");
await until(async () => Number(await tile("Sends a second").textContent()) > 1, "sends are shown");
await until(async () => Number(await tile("Deliveries a second").textContent()) > 1, "deliveries are shown");
await until(async () => / ms$/.test(await tile("Delivery, p99").textContent()), "the time to delivery is shown");
await see("PROFESSIONAL");
const drawn = () => page.locator(".plot canvas").evaluateAll((all) => all.map((canvas) => canvas.toDataURL()));
const before = await drawn();
assert.equal(before.length, 4);
await until(async () => (await drawn()).every((image, i) => image !== before[i]), "every chart has moved");
assert.match(await page.getByRole("img", { name: /Connections by transport/ }).getAttribute("aria-label"),
  /Socket.IO, WebSocket 2, Socket.IO, polling 1, Plain WebSocket 1, Server-Sent Events 1/);
await sound("overview");
await until(async () => (await page.evaluate(() => document.querySelectorAll(".latest li").length)) === 8, "the latest are listed");
if (process.env.SCREENSHOTS === "true") {
  await new Promise((resolve) => setTimeout(resolve, 50_000)); // a picture of lines rather than of their beginnings
}
await picture("dashboard");
await page.emulateMedia({ colorScheme: "dark" });
await until(async () => (await page.locator(".plot canvas").count()) === 4, "the charts are drawn anew");
await picture("dashboard-dark");
await page.emulateMedia({ colorScheme: "light" });

// ---- search finds one among many

traffic = false;
await flow;
const needle = await send({ audience: { user: "ann" }, event: "order.shipped", title: "Your order is on its way", message: "Parcel 4711-needle", data: { parcel: "4711-needle" } });
await page.getByRole("link", { name: "Log", exact: true }).click();
await page.getByRole("heading", { name: "Log" }).waitFor();
await until(async () => (await page.locator(".rows tbody tr").count()) === 50, "a first page");
await page.getByRole("button", { name: "Show older ones" }).click();
await until(async () => (await page.locator(".rows tbody tr").count()) > 50, "older ones");
await page.getByLabel("Text").fill("4711-NEEDLE");
await page.keyboard.press("Enter");
await until(async () => (await page.locator(".rows tbody tr").count()) === 1, "the one that was searched for");
await sound("log");
await page.getByLabel("User").fill("nobody-of-that-name");
await page.keyboard.press("Enter");
await see("Nothing matches");
await page.getByRole("button", { name: "Clear all filters" }).click();
await until(async () => (await page.locator(".rows tbody tr").count()) === 50, "all again");
await picture("dashboard-log");

// ---- one notification's story, to its end, with the keyboard alone

await page.getByRole("link", { name: "Your order is on its way" }).focus();
await page.keyboard.press("Enter");
const story = page.getByRole("dialog", { name: "Your order is on its way" });
await story.getByText("Committed to the log").waitFor();
await story.getByText(/to 2 connections/).waitFor();
await story.getByText(ann.id).waitFor();
await story.getByText(annToo.id).waitFor();
await story.getByText("Not acknowledged").waitFor();
await ann.emitWithAck("ack", { position: needle.position });
await story.getByText("Acknowledged", { exact: true }).first().waitFor();
await ann.emitWithAck("markNotificationRead", { notificationId: needle.id });
await story.locator(".step-done", { hasText: "Read" }).waitFor();
await sound("story");
await picture("dashboard-story");
await page.keyboard.press("Escape");
await story.waitFor({ state: "detached" });
assert.equal(await page.evaluate(() => document.activeElement.textContent), "Your order is on its way");

// ---- or why not

const waiting = await send({ audience: { user: "eve" }, event: "booking.reminder", data: {} });
await page.goto(`${front.base}/admin/#/log/${waiting.id}`);
await see("User eve was not connected");
await sound("the story of what waits");
await page.goto(`${front.base}/admin/#/log/01234567-89ab-7def-8123-456789abcdef`);
await see("The log has no such notification");
await page.keyboard.press("Escape");

// ---- who is online, and the end of one connection

await page.getByRole("link", { name: "Online", exact: true }).click();
const user = page.getByRole("article", { name: "User ann" });
await user.getByText("job:7").waitFor();
assert.equal(await user.getByRole("button", { name: /^Disconnect/ }).count(), 2);
await sound("online");
await picture("dashboard-online");
const ended = new Promise((resolve) => annToo.once("disconnect", resolve));
await user.getByRole("button", { name: `Disconnect ann, Socket.IO, polling, ${annToo.id}` }).click();
await page.getByRole("dialog", { name: "Disconnect ann?" }).waitFor();
await sound("the question before a disconnect");
await page.getByRole("dialog").getByRole("button", { name: "Disconnect", exact: true }).click();
assert.equal(await ended, "io server disconnect");
await see("Disconnected ann");
await until(async () => (await user.getByRole("button", { name: /^Disconnect/ }).count()) === 1, "one connection is left");
assert.ok(ann.connected);
await page.getByRole("searchbox", { name: "User" }).fill("be");
await page.keyboard.press("Enter");
await page.getByRole("article", { name: "User ben" }).waitFor();
await until(async () => (await page.getByRole("article").count()) === 1, "only ben is left");
await page.getByRole("searchbox", { name: "User" }).fill("zzz");
await page.keyboard.press("Enter");
await see("Nobody online matches");

// ---- sending: what is wrong is said where it is wrong, the preview is what arrives

await page.getByRole("link", { name: "Send", exact: true }).click();
await see("Fill in to whom and what");
await page.getByRole("button", { name: "Send", exact: true }).click();
await see("Say to whom.");
assert.equal(await page.evaluate(() => document.activeElement.id), "s-name");
await page.getByRole("textbox", { name: "User" }).fill("ann");
await page.getByLabel("Data, a JSON object").fill("{");
await page.getByRole("button", { name: "Send", exact: true }).click();
await see("This is no JSON");
await page.getByLabel("Event").fill("disconnect");
await page.getByLabel("Data, a JSON object").fill('{"customerName": "Gil", "service": "Gardening", "bookingId": 8}');
await page.locator(".field", { has: page.getByLabel("Event") }).locator(".field-problem").waitFor();
await page.getByLabel("Event").fill("booking.created");
await see("Gil would like to book Gardening.");
await see("Would reach 1 connection now.");
await sound("send");
await picture("dashboard-send");
const arrives = new Promise((resolve) => ann.once("booking.created", resolve));
const previewed = JSON.parse(await page.getByLabel("The notification as JSON").textContent());
await page.getByRole("button", { name: "Send", exact: true }).click();
const arrived = await arrives;
for (const field of ["event", "title", "message", "data"]) {
  assert.deepEqual(arrived[field], previewed[field], field);
}
await see("Handed to 1 connection.");
await page.getByRole("link", { name: "Follow it" }).click();
await page.getByRole("dialog", { name: "New booking request" }).getByText(ann.id).waitFor();
await page.keyboard.press("Escape");
await page.getByRole("link", { name: "Send", exact: true }).click();
await page.getByLabel("Audience").selectOption("everyone");
await page.getByRole("button", { name: "Send", exact: true }).click();
await page.getByRole("dialog", { name: "Send to everyone?" }).getByRole("button", { name: "Send" }).click();
await see(/Handed to 4 connections/);

// ---- a phone

await page.setViewportSize(PHONE);
for (const name of ["Send", "Online", "Log", "Overview"]) {
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name, exact: true }).waitFor();
  await until(async () => !(await page.locator("[aria-busy=true]").count()), "it is loaded");
  await sound(`${name} on a phone`);
}
await picture("dashboard-phone");
await page.setViewportSize(DESKTOP);

// ---- the server is away, and comes back

front.shut();
await page.getByText("Reconnecting", { exact: true }).waitFor();
await page.getByRole("link", { name: "Log", exact: true }).click();
await see("The server cannot be reached");
front.open();
await page.getByText("Live", { exact: true }).waitFor();
await page.getByRole("button", { name: "Try again" }).click();
await page.locator(".rows tbody tr").first().waitFor();

// ---- signed in over a reload; signed out for good; a link that signs in; a token whose time is over

await page.reload();
await page.locator(".rows tbody tr").first().waitFor();
await page.getByRole("button", { name: "Sign out" }).click();
await page.getByLabel("Token").waitFor();
await page.reload();
await page.getByLabel("Token").waitFor();
await page.goto(`${front.base}/admin/#token=${token("admin", "ADMIN", 4)}`);
await page.getByText("Live", { exact: true }).waitFor();
assert.equal(new URL(page.url()).hash.includes("token"), false);
await see("Your token's time is over");

assert.deepEqual(addresses.filter((address) => address.includes("token=") || address.includes(tokens.admin)), []);
assert.deepEqual(page.complaints, []);
await browser.close();
[ann, annToo, ben].forEach((socket) => socket.close());
cy.close();
dan.close();
console.log("ok");
process.exit(0);
