import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { readEnvironment } from "../../../src/config/environment.ts";
import { profiles } from "../../../src/config/profiles.ts";

const read = (environment: Record<string, string>) => readEnvironment(environment, profiles.dev);
const valueOfVariable = (text: string) => read({ GROUNDPLAN_COMPONENTS__API__ENV__X: text }).components[0]?.value;

describe("values", () => {
  test.each([
    ["3", 3],
    ["0.5", 0.5],
    ["true", true],
    ["[a, b]", ["a", "b"]],
    ["{a: 1}", { a: 1 }],
    ['"17"', "17"],
    ["'17'", "17"],
    ["null", "null"],
    ["a #b", "a #b"],
    [" padded ", " padded "],
    ["#fff", "#fff"],
    ["!abc def", "!abc def"],
    ["@home", "@home"],
    ["[open", "[open"],
    ["10.213.0.0/16", "10.213.0.0/16"],
  ])("%j is read as %j", (text, value) => {
    expect(valueOfVariable(text)).toEqual(value);
  });

  test("a value is never printed, whatever YAML thinks of it", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `!${rest}`),
        ),
        (text) => void valueOfVariable(`x${text}`),
      ),
    );
    valueOfVariable("!secret word");
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe("names", () => {
  test("settings by name, in any writing", () => {
    const { document, problems } = read({ GROUNDPLAN_SUBNET_POOL: "10.1.0.0/16", GROUNDPLAN_IMAGE_MIRROR: "m.io", GROUNDPLAN_TARGET: "docker" });
    expect(problems).toEqual([]);
    expect(document).toEqual({ subnetPool: "10.1.0.0/16", mirror: "m.io", target: "docker" });
  });

  test("entries of maps, hyphens written as underscores", () => {
    const { document } = read({
      GROUNDPLAN_PORTS__ORDER_API__HTTP: "8001",
      GROUNDPLAN_PORTS__DB__SQL: "5433",
      GROUNDPLAN_IMAGES__ORDER_API: "acme/api:1",
    });
    expect(document).toEqual({ ports: { "order-api.http": 8001, "db.sql": 5433 }, images: { "order-api": "acme/api:1" } });
  });

  test("rows of the image table whose name has a colon", () => {
    expect(read({ GROUNDPLAN_IMAGES__POSTGRES_16: "acme/postgres:16.1" }).document).toEqual({ images: { "postgres:16": "acme/postgres:16.1" } });
  });

  test("arguments of components keep their path as written", () => {
    const { components } = read({ GROUNDPLAN_COMPONENTS__ORDER_DB__MEMORY_MIB: "1024" });
    expect(components).toEqual([{ variable: "GROUNDPLAN_COMPONENTS__ORDER_DB__MEMORY_MIB", path: ["ORDER_DB", "MEMORY_MIB"], value: 1024 }]);
  });

  test("settings of a ground reach their own names, and text stays text", () => {
    const { document, origins, problems } = read({
      GROUNDPLAN_KUBERNETES__CONTEXT: "lab",
      GROUNDPLAN_KUBERNETES__STORAGE_CLASS: "fast",
      GROUNDPLAN_KUBERNETES__PULL_SECRETS: "[ghcr]",
      GROUNDPLAN_AWS__ACCOUNT_ID: "012345678901",
      GROUNDPLAN_AWS__ENDPOINTS__SQS: "http://127.0.0.1:5000",
    });
    expect(problems).toEqual([]);
    expect(document).toEqual({
      kubernetes: { context: "lab", storageClass: "fast", pullSecrets: ["ghcr"] },
      aws: { accountId: "012345678901", endpoints: { sqs: "http://127.0.0.1:5000" } },
    });
    expect(origins).toMatchObject({
      "kubernetes.context": "environment GROUNDPLAN_KUBERNETES__CONTEXT",
      "aws.accountId": "environment GROUNDPLAN_AWS__ACCOUNT_ID",
    });
  });

  test("of a ground, profile prod takes endpoints alone", () => {
    const variables = { GROUNDPLAN_AWS__ENDPOINTS__SQS: "http://127.0.0.1:5000", GROUNDPLAN_AWS__REGION: "eu-west-1" };
    const { document, problems } = readEnvironment(variables, profiles.prod);
    expect(document).toEqual({ aws: { endpoints: { sqs: "http://127.0.0.1:5000" } } });
    expect(problems.map(({ path }) => path)).toEqual(["aws.region"]);
  });

  test("what is no setting of ours, empty or the command's own is left alone", () => {
    const result = read({
      PATH: "/bin",
      GROUNDPLAN: "1",
      GROUNDPLAN_TARGET: "",
      GROUNDPLAN_RECORDING: "1",
      GROUNDPLAN_DEBUG: "1",
      GROUNDPLAN_LAB_PORT: "1",
    });
    expect(result).toEqual({ document: {}, components: [], origins: {}, problems: [] });
  });
});
