import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { findContext } from "../../../../src/platforms/kubernetes/kubeconfig.ts";

const root = mkdtempSync(join(tmpdir(), "groundplan-kubeconfig-"));
const file = (name: string) => join(root, name);
const kubeconfig = (...names: string[]) => stringify({ "current-context": names[0], contexts: names.map((name) => ({ name, context: {} })) });

beforeAll(() => {
  mkdirSync(file("clusters"));
  writeFileSync(file("clusters/shop"), kubeconfig("shop-staging", "shop-prod"));
  writeFileSync(file("other"), kubeconfig("lab"));
  writeFileSync(file("broken"), "contexts: [");
});
afterAll(() => rmSync(root, { recursive: true }));

const find = (kubernetes: { context: string; kubeconfig?: string }, environment: Record<string, string> = {}) =>
  findContext({ kubernetes, origins: { kubernetes: "Pulumi.prod.yaml" } }, root, { HOME: root, ...environment });

describe("the context of the settings", () => {
  test("is looked for in the configured file, from the directory of Pulumi.yaml", () => {
    expect(find({ context: "shop-prod", kubeconfig: "clusters/shop" })).toEqual({ kubeconfig: file("clusters/shop") });
    expect(find({ context: "shop-prod", kubeconfig: file("clusters/shop") })).toEqual({ kubeconfig: file("clusters/shop") });
  });

  test("is looked for in every file of KUBECONFIG; the one that has it counts", () => {
    const environment = { KUBECONFIG: [file("missing"), file("broken"), file("other"), file("clusters/shop")].join(delimiter) };
    expect(find({ context: "shop-staging" }, environment)).toEqual({ kubeconfig: file("clusters/shop") });
  });

  test("is never replaced by the one that happens to be current", () => {
    expect(find({ context: "shop-prd" }, { KUBECONFIG: file("clusters/shop") })).toEqual({
      problems: [
        {
          component: "stack",
          path: "kubernetes.context",
          value: "shop-prd",
          rule: `a context of ${file("clusters/shop")}: shop-staging, shop-prod`,
          fix: "did you mean shop-prod?",
          origin: "Pulumi.prod.yaml",
        },
      ],
    });
  });

  test("is not looked for elsewhere when the configured file is missing", () => {
    expect(find({ context: "lab", kubeconfig: "missing" }, { KUBECONFIG: file("other") })).toMatchObject({
      problems: [{ path: "kubernetes.kubeconfig", value: file("missing"), rule: "an existing kubeconfig" }],
    });
  });
});
