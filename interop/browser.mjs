// What every script that drives a browser shares: Chromium, a page that tolerates no error, pictures, accessibility.
import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { chromium } from "playwright-core";

const LIMIT_MS = Number(process.env.BROWSER_LIMIT_MS ?? 230_000);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A token of the server under test, whose key the environment gives. */
export function token(sub, role, seconds = 3600) {
  const now = Math.floor(Date.now() / 1000);
  const text = [{ alg: "HS256", typ: "JWT" }, { sub, roles: [role], iat: now, exp: now + seconds }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${createHmac("sha256", process.env.JWT_SECRET).update(text).digest("base64url")}`;
}

export function launch() {
  setTimeout(() => {
    console.error("the script did not finish in time");
    process.exit(2);
  }, LIMIT_MS).unref();
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** A page that remembers everything its console and its policy complained about. */
export async function open(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.stack ?? error}`));
  page.on("console", (message) => {
    // a refused request is logged by the browser itself, and is the page's to explain
    if (["error", "warning"].includes(message.type()) && !/Failed to load resource|ERR_EMPTY_RESPONSE|ERR_CONNECTION|WebSocket is closed before/.test(message.text())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  await page.exposeFunction("policyViolated", (what) => complaints.push(`policy: ${what}`));
  await page.addInitScript(() =>
    addEventListener("securitypolicyviolation", (e) => globalThis.policyViolated(`${e.violatedDirective} ${e.blockedURI}`)));
  page.complaints = complaints;
  return page;
}

/** The accessibility rules of WCAG 2.2 A and AA that a machine can check, of the page or of what a selector finds. */
export async function accessible(page, where, selector = "html") {
  // not as a script element, which the page's policy would refuse
  await page.evaluate(`if (!globalThis.axe) { ${AXE} }`);
  const found = await page.evaluate((part) =>
    globalThis.axe.run(part, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }), selector);
  const words = found.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join("\n    ")}`);
  assert.equal(words.length, 0, `${where}:\n${words.join("\n")}`);
}

/** Nothing sticks out sideways. */
export async function fits(page, where) {
  const { width, view } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth, view: document.documentElement.clientWidth,
  }));
  assert.ok(width <= view, `${where}: ${width} px wide in ${view}`);
}

/** A door before the server that can be shut, as when the server is away: connections end, and none comes about. */
export async function door(base) {
  const { hostname, port } = new URL(base);
  const open = new Set();
  let shut = false;
  const listener = createServer((client) => {
    if (shut) {
      client.destroy();
      return;
    }
    const server = connect(Number(port), hostname);
    for (const [one, other] of [[client, server], [server, client]]) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((resolve) => listener.listen(0, "localhost", resolve));
  return {
    base: `http://localhost:${listener.address().port}`,
    shut() {
      shut = true;
      open.forEach((socket) => socket.destroy());
    },
    open() {
      shut = false;
    },
  };
}

/** Resolves once a condition holds, looked at a few times a second. */
export async function until(condition, what) {
  const started = Date.now();
  let last;
  while (Date.now() - started < 20_000) {
    last = await condition();
    if (last) {
      return last;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new assert.AssertionError({ message: `waited in vain for: ${what}` });
}
