import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { clusterOf, clusterText } from "../../../../src/cli/kubernetes/kubeconfig.ts";

const root = mkdtempSync(join(tmpdir(), "groundplan-kubeconfig-"));
afterAll(() => rmSync(root, { recursive: true }));

const file = (name: string, contexts: Record<string, string>, current = "") => {
  const path = join(root, name);
  const list = Object.keys(contexts).map((context) => ({ name: context, context: { cluster: `${context}-cluster`, user: "u" } }));
  const clusters = Object.entries(contexts).map(([context, server]) => ({ name: `${context}-cluster`, cluster: { server } }));
  writeFileSync(path, JSON.stringify({ apiVersion: "v1", kind: "Config", "current-context": current, contexts: list, clusters }));
  return path;
};
const one = file("one", { lab: "https://lab:1", prod: "https://prod:1" }, "prod");
const two = file("two", { lab: "https://other:1", stage: "https://stage:1" });
const settings = (context: string, kubeconfig?: string) => ({ kubernetes: { context, ...(kubeconfig ? { kubeconfig } : {}) } });

test("the configured context, whichever is current", () => {
  expect(clusterOf(root, settings("lab"), { KUBECONFIG: one })).toEqual({ context: "lab", server: "https://lab:1", kubeconfig: one });
});

test("in several files the first that names it wins", () => {
  const list = [one, join(root, "absent"), two].join(delimiter);
  expect(clusterOf(root, settings("stage"), { KUBECONFIG: list })).toMatchObject({ server: "https://stage:1", kubeconfig: list });
  expect(clusterOf(root, settings("lab"), { KUBECONFIG: list })).toMatchObject({ server: "https://lab:1" });
});

test("the kubeconfig of the settings, from the root of the project, comes before the variable", () => {
  expect(clusterOf(root, settings("stage", "two"), { KUBECONFIG: one })).toMatchObject({ server: "https://stage:1", kubeconfig: two });
});

test("a context that is not there is told with those that are", () => {
  const found = clusterOf(root, settings("lob"), { KUBECONFIG: one });
  expect(found).toEqual({ context: "lob", known: ["lab", "prod"], kubeconfig: one });
  expect(clusterText(found)).toContain("does not have");
  writeFileSync(join(root, "empty"), "");
  expect(clusterOf(root, settings("lab"), { KUBECONFIG: join(root, "empty") })).toMatchObject({ known: [] });
});
