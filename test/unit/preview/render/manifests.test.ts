import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderManifests } from "../../../../src/preview/render/manifests.ts";
import { planWith, resource } from "../plans.ts";

const labels = { "io.groundplan.component": "api", "io.groundplan.role": "server" };
const component = resource("groundplan:index:AppService", "api", {}, { custom: false, outputs: { kind: "AppService", bindings: {} } });
const namespace = resource("kubernetes:core/v1:Namespace", "kubernetes-namespace", {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop" },
});
const made = (type: string, name: string, inputs: object, over: object = {}) => {
  const [, apiVersion = "", kind = ""] = /^kubernetes:(.+):(\w+)$/.exec(type) ?? [];
  const metadata = { name, namespace: "shop", labels };
  return resource(
    type,
    name,
    { metadata, ...inputs, apiVersion: apiVersion.replace("core/", ""), kind },
    { parent: component.urn, dependencies: [namespace.urn], ...over },
  );
};
const render = (...resources: ReturnType<typeof resource>[]) => {
  const { files } = renderManifests(
    planWith([...resources, component, namespace], [{ name: "db-app-password", urn: "u", value: "Zq8bT1xYp0LmN4vR" }]),
    "lab",
  );
  return new Map(files.map(({ path, content, mode }) => [path, { content, mode }]));
};

describe("manifests of a plan", () => {
  test("the namespace first, then secrets, then components; each object in a file of its own, after what it needs", () => {
    const config = made("kubernetes:core/v1:ConfigMap", "settings", { data: {} });
    const files = render(
      made("kubernetes:apps/v1:Deployment", "api", { spec: {} }, { dependencies: [config.urn] }),
      config,
      made("kubernetes:core/v1:Secret", "api-env", { stringData: { TOKEN: "x" } }),
    );
    expect(parse(files.get("kustomization.yaml")?.content ?? "")).toMatchObject({
      sortOptions: { order: "fifo" },
      resources: ["stack", "secrets", "api"],
    });
    expect(parse(files.get("stack/kustomization.yaml")?.content ?? "").resources).toEqual(["namespace-shop.yaml"]);
    expect(parse(files.get("api/kustomization.yaml")?.content ?? "").resources).toEqual(["configmap-settings.yaml", "deployment-api.yaml"]);
  });

  test("secrets are files for their owner, byte for byte, and Secrets of the same names", () => {
    const stringData = { "users.acl": "user app on >p4ss ~*\nquoted \"'$x\n", empty: "" };
    const files = render(made("kubernetes:core/v1:Secret", "api-files-0123456789", { type: "Opaque", immutable: true, stringData }));
    for (const [key, value] of Object.entries(stringData))
      expect(files.get(`secrets/api-files-0123456789/${key}`)).toEqual({ content: value, mode: 0o600 });
    expect(parse(files.get("secrets/kustomization.yaml")?.content ?? "").secretGenerator).toEqual([
      {
        name: "api-files-0123456789",
        namespace: "shop",
        type: "Opaque",
        files: ["users.acl=api-files-0123456789/users.acl", "empty=api-files-0123456789/empty"],
        options: { disableNameSuffixHash: true, immutable: true, labels },
      },
    ]);
    const others = [...files].filter(([path]) => !path.startsWith("secrets/api-files"));
    expect(others.filter(([, { content }]) => content.includes("p4ss"))).toEqual([]);
  });

  test("a secret outside of a Secret is refused, by its value and by its mark", () => {
    const refused = (value: string) =>
      expect.objectContaining({ problems: [expect.objectContaining({ component: "c", path: "ConfigMap", value, code: "GP330" })] });
    expect(() => render(made("kubernetes:core/v1:ConfigMap", "c", { data: { url: "postgres://app:Zq8bT1xYp0LmN4vR@db" } }))).toThrow(
      refused("db-app-password"),
    );
    expect(() => render(made("kubernetes:core/v1:ConfigMap", "c", { data: { a: "x" } }, { secretInputs: ["data.a"] }))).toThrow(refused("data.a"));
  });

  test("notes for the engine are left out; text that YAML 1.1 would read as something else stays text", () => {
    const annotations = { "pulumi.com/skipAwait": "true", kept: "yes" };
    const data = { on: "on", number: "1_000", time: "12:30:45", octal: "010", exponent: "1e3", yes: "y" };
    const files = render(made("kubernetes:core/v1:ConfigMap", "c", { metadata: { name: "c", namespace: "shop", labels, annotations }, data }));
    const written = files.get("api/configmap-c.yaml")?.content ?? "";
    const read = parse(written, { version: "1.1" });
    expect(read.metadata.annotations).toEqual({ kept: "yes" });
    expect(read.data).toEqual(data);
    expect(written).not.toContain("pulumi.com");
  });

  test("the same plan gives the same text", () => {
    const one = made("kubernetes:core/v1:ConfigMap", "c", { data: { a: "b" } });
    expect([...render(one)]).toEqual([...render(one)]);
  });
});
