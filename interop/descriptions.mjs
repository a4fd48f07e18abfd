// What the server says of itself, looked at by the validators that others will use. Argument: the base URL.
import { strict as assert } from "node:assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Parser } from "@asyncapi/parser";

const base = process.argv[2];
const read = async (path) => {
  const answer = await fetch(base + path);
  assert.equal(answer.status, 200, path);
  return answer.json();
};

const http = await new Validator().validate(await read("/openapi.json"));
assert.ok(http.valid, `openapi.json: ${JSON.stringify(http.errors)}`);

const events = await new Parser().parse(JSON.stringify(await read("/asyncapi.json")));
const faults = events.diagnostics.filter((found) => found.severity === 0);
assert.deepEqual(faults, [], "asyncapi.json");
assert.ok(events.document);

console.log("ok");
