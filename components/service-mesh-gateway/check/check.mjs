// Asks a gateway as a client from outside would: by TLS, with its authority checked. Runs in a container, with what to ask beside it.
import { readFileSync } from "node:fs";
import { request as plain } from "node:http";
import { request as secure } from "node:https";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const { gateway, ports, host, routes, health, redirect, authority } = JSON.parse(read("check.json"));
const ca = authority && readFileSync(authority, "utf8");
const findings = [];

/** Status and target of the answer, or why there is none. */
function ask(name, path, tls) {
  const options = { host: gateway, path, headers: { host: name }, timeout: 15_000 };
  return new Promise((resolve) => {
    const done = (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, location: answer.headers.location ?? "" });
    };
    const sent = tls
      ? secure({ ...options, port: ports.https, servername: name, ca, allowPartialTrustChain: true, agent: false }, done)
      : plain({ ...options, port: ports.http, agent: false }, done);
    sent.on("timeout", () => sent.destroy(new Error("no answer in 15 s")));
    sent.on("error", (error) => resolve({ status: 0, location: "", reason: error.message }));
    sent.end();
  });
}

const expect = (ok, text) => ok || findings.push(text);
const told = ({ status, reason }) => reason ?? `status ${status}`;

if (health) {
  const well = await ask(host, health, true);
  expect(well.status === 200, `https://${host}${health}: ${told(well)}`);
}
const sent = await ask(host, "/somewhere", false);
expect(sent.status === redirect.status && sent.location.startsWith(redirect.to), `http://${host}: no redirect to HTTPS, ${told(sent)}`);
const answers = await Promise.all(routes.map((route) => ask(route.host, route.path, true)));
for (const [index, answer] of answers.entries()) {
  const { name, path } = routes[index];
  expect(answer.status > 0 && answer.status < 500, `route ${name} (${path}): ${told(answer)}`);
}
if (findings.length > 0) {
  console.log(findings.join("\n"));
  process.exit(1);
}
console.log(`TLS with a certificate that its authority proves, redirect, ${routes.length} routes answer`);
