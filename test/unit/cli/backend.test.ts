import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { missingBackend } from "../../../src/cli/engines/backend.ts";
import { settingsOf } from "../../support/settings.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "groundplan-backend-"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\n");
  writeFileSync(join(root, "Pulumi.staging.yaml"), "config: {}\n");
  mkdirSync(join(root, "home"));
});
afterEach(() => rmSync(root, { recursive: true }));

const missing = (environment: Record<string, string> = {}) =>
  missingBackend(
    { root, env: "staging", stack: "staging", settings: settingsOf({ target: "kubernetes", kubernetes: { context: "lab" } }) },
    { PULUMI_HOME: join(root, "home"), ...environment },
  ) ?? "";
const state = /where its state is kept/;
const key = /what encrypts its secrets/;

test("both are asked for at once, each with how to give it", () => {
  expect(missing()).toMatch(state);
  expect(missing()).toMatch(key);
  expect(missing()).toMatch(/export PULUMI_BACKEND_URL=.*\n[\s\S]*export PULUMI_CONFIG_PASSPHRASE_FILE=/);
});

test("an empty passphrase is none", () => {
  expect(missing({ PULUMI_BACKEND_URL: "s3://state", PULUMI_CONFIG_PASSPHRASE: "" })).toMatch(key);
  expect(missing({ PULUMI_BACKEND_URL: "s3://state", PULUMI_CONFIG_PASSPHRASE: "word" })).toBe("");
});

test("the project's backend, a login or a token say where the state is", () => {
  writeFileSync(join(root, "home", "credentials.json"), JSON.stringify({ current: "gs://team" }));
  expect(missing()).not.toMatch(state);
  rmSync(join(root, "home", "credentials.json"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nbackend: { url: s3://team }\n");
  expect(missing()).not.toMatch(state);
});

test("the hosted service keeps a key for each stack; a bucket does not", () => {
  expect(missing({ PULUMI_ACCESS_TOKEN: "x" })).toBe("");
  expect(missing({ PULUMI_BACKEND_URL: "s3://state" })).toMatch(key);
});

test("a secrets provider of the stack file is enough; one that is a passphrase wants it", () => {
  writeFileSync(join(root, "Pulumi.staging.yaml"), "secretsprovider: awskms://alias/state\n");
  expect(missing({ PULUMI_BACKEND_URL: "s3://state" })).toBe("");
  writeFileSync(join(root, "Pulumi.staging.yaml"), "secretsprovider: passphrase\n");
  expect(missing({ PULUMI_BACKEND_URL: "https://api.pulumi.com" })).toMatch(key);
});
