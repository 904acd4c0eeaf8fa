import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { checkoutScript } from "../../../../src/core/checkout.ts";
import type { CheckoutSpec } from "../../../../src/core/workload.ts";
import { checkoutTokens } from "../../../../src/platforms/kubernetes/manifests/checkout.ts";
import { workloadPod } from "../../../../src/platforms/kubernetes/manifests/pod.ts";
import { restrictedViolations } from "../../../support/kubernetes/restricted.ts";
import { part, place, workload } from "./specs.ts";

const docs: CheckoutSpec = { name: "docs", url: "https://git.example/acme/docs.git", ref: "main", path: "/repository", sizeMiB: 512 };
const kept: CheckoutSpec = { ...docs, name: "more-docs", path: "/more", login: { username: "oauth2", token: "t0ken" } };
const podOf = (checkouts: readonly CheckoutSpec[]) =>
  workloadPod(place, part, workload({ checkouts }), { image: "web:1", gitImage: "git:1", secretEnv: "web-env-1" }).spec;

test("each repository is fetched by a step of its own, into a folder that the service may only read", () => {
  const { initContainers, containers, volumes } = podOf([docs, kept]) as unknown as Record<string, readonly Record<string, unknown>[]>;
  expect(initContainers).toHaveLength(2);
  expect(initContainers?.[1]).toEqual({
    name: "checkout-more-docs",
    image: "git:1",
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "-c", expect.stringContaining("git fetch")],
    env: [
      { name: "FOLDER", value: "/more" },
      { name: "HOME", value: "/tmp" },
      { name: "REF", value: "main" },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "web-env-1", key: "CHECKOUT_MORE_DOCS_TOKEN" } } },
      { name: "URL", value: "https://git.example/acme/docs.git" },
      { name: "USERNAME", value: "oauth2" },
    ],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: "groundplan-checkout-more-docs", mountPath: "/more" },
      { name: "groundplan-checkout-scratch", mountPath: "/tmp" },
    ],
  });
  expect(containers?.[0]?.volumeMounts).toEqual([
    { name: "groundplan-scratch-0", mountPath: "/tmp" },
    { name: "groundplan-checkout-docs", mountPath: "/repository", readOnly: true },
    { name: "groundplan-checkout-more-docs", mountPath: "/more", readOnly: true },
  ]);
  expect(volumes).toContainEqual({ name: "groundplan-checkout-docs", emptyDir: { sizeLimit: "512Mi" } });
  expect(checkoutTokens([docs, kept])).toEqual({ CHECKOUT_MORE_DOCS_TOKEN: "t0ken" });
});

test("the pod keeps to the restricted standard, and has no step without a repository", () => {
  expect(restrictedViolations(podOf([docs, kept]) as never)).toEqual([]);
  expect(podOf([])).not.toHaveProperty("initContainers");
});

/** A repository with a branch, in a folder of this machine. */
async function repository(): Promise<{ url: string; git: (...args: string[]) => Promise<string> }> {
  const url = mkdtempSync(join(tmpdir(), "checkout-origin-"));
  const git = async (...args: string[]) =>
    (await execa("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: url, extendEnv: true })).stdout;
  await git("init", "--quiet", "--initial-branch", "main");
  await git("config", "uploadpack.allowAnySHA1InWant", "true");
  writeFileSync(join(url, "page.md"), "first");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "first");
  return { url, git };
}

const run = (env: Record<string, string>) => execa("sh", ["-c", checkoutScript], { env, reject: false, all: true, timeout: 60_000 });

test("what was fetched is fetched over when the container starts again, and what lay there is gone", async () => {
  const { url, git } = await repository();
  const folder = mkdtempSync(join(tmpdir(), "checkout-"));
  const env = { FOLDER: folder, HOME: mkdtempSync(join(tmpdir(), "home-")), URL: url, REF: "main" };
  const { all, exitCode } = await run(env);
  expect(exitCode, all).toBe(0);
  expect(readFileSync(join(folder, "page.md"), "utf8")).toBe("first");
  const first = await git("rev-parse", "HEAD");
  writeFileSync(join(url, "page.md"), "second");
  await git("commit", "--quiet", "--all", "--message", "second");
  mkdirSync(join(folder, "half"));
  writeFileSync(join(folder, "page.md"), "torn");
  expect((await run(env)).exitCode).toBe(0);
  expect(readFileSync(join(folder, "page.md"), "utf8")).toBe("second");
  expect(readdirSync(folder).toSorted()).toEqual([".git", "page.md"]);
  // A full commit, too.
  expect((await run({ ...env, REF: first })).all).toContain(first);
  expect(readFileSync(join(folder, "page.md"), "utf8")).toBe("first");
});

test("a repository that asks gets user and token, and neither is shown", async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const [, coded = ""] = (request.headers.authorization ?? "").split(" ");
    seen.push(Buffer.from(coded, "base64").toString());
    response.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const home = mkdtempSync(join(tmpdir(), "home-"));
  const sleepless = join(home, "sleep");
  writeFileSync(sleepless, "#!/bin/sh\n");
  chmodSync(sleepless, 0o755);
  const { exitCode, all } = await run({
    FOLDER: mkdtempSync(join(tmpdir(), "checkout-")),
    HOME: home,
    PATH: `${home}:${process.env.PATH ?? ""}`,
    URL: `http://127.0.0.1:${port}/acme/docs.git`,
    REF: "main",
    TOKEN: "t0ken-of-nobody",
    USERNAME: "oauth2",
  });
  server.close();
  expect(exitCode).toBe(1);
  expect(seen).toContain("oauth2:t0ken-of-nobody");
  expect(all).toContain("could not be fetched");
  expect(all).not.toContain("t0ken-of-nobody");
});
