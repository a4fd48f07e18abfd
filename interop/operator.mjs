// A new operator: opens the link that the server printed and looks for what was just sent. Arguments: link, its title.
import { strict as assert } from "node:assert";
import { launch, open } from "./browser.mjs";

const [link, title] = process.argv.slice(2);
const browser = await launch();
const page = await open(await browser.newContext());
await page.goto(link);
await page.getByRole("region", { name: "Latest notifications" }).getByText(title).click();
await page.getByRole("dialog", { name: title }).getByText("Committed to the log").waitFor();
assert.deepEqual(page.complaints, []);
await browser.close();
console.log("ok");
process.exit(0);
