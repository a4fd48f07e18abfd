// node tokens.mjs SECRET N: one HS256 token a line, subject 0 to N-1, valid for a day; then nothing.
import { createHmac } from "node:crypto";

const [secret, count] = process.argv.slice(2);
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = part({ alg: "HS256", typ: "JWT" });
const exp = Math.floor(Date.now() / 1000) + 86_400;
const role = process.argv[4];
const lines = [];
for (let i = 0; i < Number(count); i++) {
  const body = `${header}.${part({ sub: String(i), exp, ...(role ? { role } : {}) })}`;
  lines.push(`${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`);
}
process.stdout.write(lines.join("\n") + "\n");
