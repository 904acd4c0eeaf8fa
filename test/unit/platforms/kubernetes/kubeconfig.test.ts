import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { clusterText } from "../../../../src/cli/kubernetes/kubeconfig.ts";
import { clusterOf, contextProblem, type UnknownContext } from "../../../../src/platforms/kubernetes/kubeconfig.ts";

const root = mkdtempSync(join(tmpdir(), "groundplan-kubeconfig-"));
const file = (name: string) => join(root, name);
const kubeconfig = (servers: Record<string, string>) =>
  stringify({
    "current-context": Object.keys(servers)[0],
    contexts: Object.keys(servers).map((name) => ({ name, context: { cluster: `${name}-cluster`, user: "u" } })),
    clusters: Object.entries(servers).map(([name, server]) => ({ name: `${name}-cluster`, cluster: { server } })),
  });

beforeAll(() => {
  mkdirSync(file("clusters"));
  writeFileSync(file("clusters/shop"), kubeconfig({ "shop-staging": "https://staging:1", "shop-prod": "https://prod:1" }));
  writeFileSync(file("other"), kubeconfig({ lab: "https://lab:1", "shop-prod": "https://another:1" }));
  writeFileSync(file("broken"), "contexts: [");
  writeFileSync(file("empty"), "");
  writeFileSync(file("apart"), stringify({ contexts: [{ name: "apart", context: { cluster: "lab-cluster" } }] }));
});
afterAll(() => rmSync(root, { recursive: true }));

const find = (kubernetes: { context: string; kubeconfig?: string }, environment: Record<string, string> = {}) =>
  clusterOf(root, { kubernetes }, environment);
const list = (...names: string[]) => ({ KUBECONFIG: names.map(file).join(delimiter) });

describe("the context of the settings", () => {
  test("is looked for in the configured file, from the directory of Pulumi.yaml, and before KUBECONFIG", () => {
    const found = { context: "shop-prod", server: "https://prod:1", kubeconfig: file("clusters/shop") };
    expect(find({ context: "shop-prod", kubeconfig: "clusters/shop" }, list("other"))).toEqual(found);
    expect(find({ context: "shop-prod", kubeconfig: file("clusters/shop") })).toEqual(found);
    expect(clusterText(found)).toBe("context shop-prod, https://prod:1");
  });

  test("is looked for in every file of KUBECONFIG; the first that has it counts, broken and missing ones do not", () => {
    const files = list("missing", "broken", "empty", "other", "clusters/shop");
    expect(find({ context: "shop-staging" }, files)).toMatchObject({ kubeconfig: file("clusters/shop") });
    expect(find({ context: "shop-prod" }, files)).toMatchObject({ kubeconfig: file("other"), server: "https://another:1" });
  });

  test("counts only with its cluster in the same file: the provider gets one file", () => {
    expect(find({ context: "apart" }, list("apart", "other"))).toMatchObject({ known: ["lab", "shop-prod"] });
  });

  test("is not looked for elsewhere when the configured file is missing", () => {
    expect(find({ context: "lab", kubeconfig: "missing" }, list("other"))).toEqual({ context: "lab", known: [], files: [file("missing")] });
  });

  test("is never replaced by the one that happens to be current, and those that are there are told", () => {
    const found = find({ context: "shop-prd" }, list("clusters/shop")) as UnknownContext;
    expect(found).toEqual({ context: "shop-prd", known: ["shop-staging", "shop-prod"], files: [file("clusters/shop")] });
    expect(clusterText(found)).toBe(`context shop-prd, which the kubeconfig of this machine (${file("clusters/shop")}) does not have`);
    expect(contextProblem({ kubernetes: { context: "shop-prd" }, origins: { kubernetes: "Pulumi.prod.yaml" } }, found)).toEqual({
      component: "stack",
      path: "kubernetes.context",
      value: "shop-prd",
      rule: `a context of ${file("clusters/shop")}: shop-staging, shop-prod`,
      fix: "did you mean shop-prod?",
      origin: "Pulumi.prod.yaml",
    });
  });
});
