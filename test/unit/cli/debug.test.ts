import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { bundleOf } from "../../../src/cli/debug/bundle.ts";
import { redactor } from "../../../src/cli/debug/redact.ts";
import { secretValues } from "../../../src/cli/secret-values.ts";
import { archived } from "../../../src/core/archive.ts";
import { tempProject } from "../../support/temp-project.ts";

const redact = redactor(["s3cr3t/value"]);

describe("a text is shown without", () => {
  test.each([
    ["a known value", "said s3cr3t/value twice: s3cr3t/value"],
    ["a known value as a part of a URL", "https://x/?q=s3cr3t%2Fvalue"],
    ["a known value in base64", Buffer.from("s3cr3t/value").toString("base64")],
  ])("%s", (_, text) => expect(redact(text)).not.toMatch(/s3cr3t|czNjcjN0/));

  test.each([
    ["a password of a URL", "postgres://app:hunter2@db:5432/app"],
    ["a token of a URL", "https://hunter2@github.com/x.git"],
    ["a signed query", "GET /x?X-Amz-Signature=hunter2&y=1"],
    ["a header", "Authorization: Bearer hunter2hunter2"],
    ["a variable", "DB_PASSWORD=hunter2"],
    ["a field of JSON", '{"client_secret": "hunter2", "n": 1}'],
    ["an option", 'run --token "hunter2"'],
    ["an option without quotes", "run --token hunter2 --verbose"],
    ["a key", "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----"],
    ["the start of a key", "-----BEGIN PRIVATE KEY-----\nhunter2"],
    ["a token of GitHub", "ghp_hunter2hunter2hunter2"],
  ])("%s", (_, text) => expect(redact(text)).not.toContain("hunter2"));

  test("and what is none stays", () => {
    const urn = "urn:pulumi:dev::shop::groundplan:index:PostgresDb$random:index/randomPassword:RandomPassword::db-app";
    for (const text of [urn, "tokens are limited", "http://127.0.0.1:5432/health", "password file is missing"]) expect(redact(text)).toBe(text);
  });
});

test("a value beside its name is hidden, in what was written for pods as in lists of arguments", () => {
  const env = [
    { name: "PGPASSWORD", value: "hunter2secret" },
    { name: "TOKEN_FILE", value: "/run/token" },
    { name: "MODE", value: "fast" },
  ];
  const [, file] = bundleOf([{ path: "config.json", content: { env, args: ["--password", "hunter2secret"] } }], []);
  expect(JSON.parse(file?.content ?? "")).toEqual({
    env: [{ ...env[0], value: "[hidden]" }, env[1], env[2]],
    args: ["--password", "[hidden]"],
  });
});

test("a password inside the URL of a variable is one, also where it stands alone", () => {
  const url = { DATABASE_URL: "postgres://app:hunter%402word@db/app", MODE: "fast-and-loose" };
  expect(redactor(secretValues(url))("said hunter@2word, hunter%402word, fast-and-loose")).toBe("said [hidden], [hidden], fast-and-loose");
});

test("a known value is nowhere in the bundle, in no file and no name, however it is put", () => {
  // Words of the bundle's own texts would be found in them.
  const secret = fc.stringMatching(/^[A-Za-z0-9+/="\\$&-]{8,40}$/).map((text) => `Zq${text}`);
  fc.assert(
    fc.property(secret, fc.string(), (value, other) => {
      const files = bundleOf(
        [
          { path: `logs/${value}.log`, content: `${other}${value}${other}` },
          { path: "config.json", content: { deep: [{ [`x${other}`]: `a ${value} b` }], uri: `redis://x:${encodeURIComponent(value)}@y` } },
        ],
        [value],
      );
      for (const { path, content } of files) {
        expect(path).not.toContain(value);
        expect(content).not.toContain(value);
        expect(content).not.toContain(JSON.stringify(value).slice(1, -1));
      }
      expect(JSON.parse(files[2]?.content ?? "")).toHaveProperty("uri");
    }),
  );
});

describe("groundplan debug", () => {
  const project = tempProject("dbg");
  afterAll(() => project.remove());

  test("writes what there is, for its owner alone, without the secrets that were planted", async () => {
    mkdirSync(join(project.state, "compose"), { recursive: true });
    writeFileSync(join(project.state, "credentials.json"), JSON.stringify({ "db-app-password": "planted-in-state" }));
    writeFileSync(join(project.state, "compose", ".env"), "DB_APP=planted-in-dotenv\n");
    project.settings({
      components: {
        api: {
          env: {
            SIGNING_SECRET: "planted-in-file",
            FLAGS: "--token planted-in-option",
            NOTE: "https://u:planted-in-url@example.com",
            COPY: "is planted-in-state",
          },
        },
      },
    });
    const environment = {
      DOCKER_HOST: "unix:///nowhere/docker.sock",
      GROUNDPLAN_COMPONENTS__API__ENV__PAY_TOKEN: "planted-in-environment",
      GROUNDPLAN_COMPONENTS__API__ENV__OTHER: "has planted-in-environment too",
      SOME_API_KEY: "planted-in-shell",
      SOME_DATABASE_URL: "postgres://u:planted-in-variable@example.com/x",
      GROUNDPLAN_COMPONENTS__API__ENV__FIFTH: "planted-in-variable",
      GROUNDPLAN_COMPONENTS__API__ENV__ANOTHER: "planted-in-shell",
    };
    const { code, output } = await project.run(["debug", "dev", "--output", "report.tar.gz"], environment);
    expect(code, output).toBe(0);
    const file = join(project.root, "report.tar.gz");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const files = archived(readFileSync(file));
    expect(files.map(({ path }) => path)).toEqual([
      "README.txt",
      "config.json",
      "doctor.json",
      "kept.json",
      "plan.json",
      "running.txt",
      "versions.json",
    ]);
    for (const { path } of files) expect(output).toContain(path);
    expect(
      files.filter(({ content }) => content.includes("planted-in")).map(({ path, content }) => `${path}: ${/.{60}planted-in.*/.exec(content)?.[0]}`),
    ).toEqual([]);
    // It is of use still: the plan can be drawn, and the checks read.
    const plan = JSON.parse(files.find(({ path }) => path === "plan.json")?.content ?? "") as { resources: { urn: string }[] };
    expect(plan.resources.some(({ urn }) => urn.endsWith("PostgresDb::db"))).toBe(true);
    expect(files.find(({ path }) => path === "doctor.json")?.content).toContain("/nowhere/docker.sock");
  });
});
