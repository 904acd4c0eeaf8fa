import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectsOf, type PlanObject } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { boundPorts, reachesOf } from "../../src/preview/reaches.ts";
import { record } from "../../src/preview/recorder.ts";
import { danglingReferences } from "../support/kubernetes/references.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const body = (args: string) => `
  const service = { platform, image: "registry.example/acme/api:1.0.0", ports: { http: 8000 }, health: http("/health") };
  const web = new AppService("web", service);
  new AppService("apart", service);
  const gateway = new ServiceMeshGateway("gateway", { platform, hosts: ["shop.example.com"], routes: { web: { to: web.connection } }, ${args} });
  new ObservabilityStack("telemetry", { platform, observes: [gateway], traces: "none" });
  return { url: gateway.external?.url };`;
const acme = 'tls: { certificate: { issuer: { acme: { email: "ops@example.com" } } } }';

async function planOf(project: TempProject, args: string): Promise<Plan> {
  project.topology(body(args));
  const kubernetes = { context: "lab", storageClass: "standard", mesh: { mode: "sidecar" } };
  const document = { topology: "starter", target: "kubernetes", profile: "prod", kubernetes };
  const config = { "groundplan:stack": JSON.stringify(document) };
  const result = await record({ root: project.root, main: "stacks/main.js", project: project.name, stack: "prod", config, environment: {} });
  if (!("plan" in result)) throw new Error(JSON.stringify(result));
  return result.plan;
}

for (const [api, entry] of [
  ["gateway-api", "Gateway"],
  ["istio", "Deployment"],
] as const) {
  describe(`a gateway on Kubernetes, api ${api}`, () => {
    let project: TempProject;
    let plan: Plan;
    let objects: PlanObject[];
    const one = (kind: string, name: string) => {
      const found = objects.find((object) => object.kind === kind && object.name === name);
      if (!found) throw new Error(`no ${kind} ${name}`);
      return found;
    };
    /** What it waits for, directly or by something between. */
    const waitsFor = ({ resource }: PlanObject): Set<string> => {
      const before = new Set<string>();
      const follow = (urn: string) => {
        for (const next of plan.resources.find((each) => each.urn === urn)?.dependencies ?? []) {
          if (before.has(next)) continue;
          before.add(next);
          follow(next);
        }
      };
      follow(resource.urn);
      return before;
    };

    beforeAll(async () => {
      project = tempProject("kgp");
      plan = await planOf(project, api === "istio" ? 'api: "istio", tls: { certificate: { issuer: { name: "corporate" } } }' : acme);
      objects = objectsOf(plan);
    });
    afterAll(() => project.remove());

    test("serves only when what is behind its routes can serve, and when it may reach it", () => {
      const before = waitsFor(one(entry, "gateway"));
      expect(before).toContain(one("Deployment", "web").resource.urn);
      expect(before).toContain(one("NetworkPolicy", "gateway-to-web").resource.urn);
      expect(before).toContain(one("NetworkPolicy", "gateway-entry").resource.urn);
      expect(before).toContain(one("AuthorizationPolicy", "gateway-entry").resource.urn);
      expect(before).not.toContain(one("Deployment", "apart").resource.urn);
    });

    test("a certificate stands where it is needed: before pods that read it as a file, after a gateway that an authority asks through", () => {
      const certificate = one("Certificate", "gateway-tls");
      const gateway = one(entry, "gateway");
      if (api === "istio") expect(waitsFor(gateway)).toContain(certificate.resource.urn);
      else expect(waitsFor(certificate)).toContain(gateway.resource.urn);
    });

    test("is bound to what its routes name and nothing else, and nothing points at what is not there", () => {
      const reaches = reachesOf(plan);
      expect(boundPorts(reaches, "gateway", "web")).toEqual([8000]);
      expect(boundPorts(reaches, "gateway", "apart")).toEqual([]);
      const own = objects.filter(({ component, name, kind }) => kind === "NetworkPolicy" && component === "gateway" && /^gateway-to-/.test(name));
      expect(own.map(({ name }) => name)).toEqual(["gateway-to-web"]);
      const dangling = danglingReferences(objects.map(({ manifest }) => manifest));
      // The issuer of the cluster writes that Secret.
      expect(dangling.filter((what) => !what.includes("Secret gateway-tls"))).toEqual([]);
    });

    test("is asked for its figures replica by replica: the Service that clients use has no port for them", () => {
      const prometheus = objects.find(({ kind, name }) => kind === "ConfigMap" && name.startsWith("telemetry-prometheus-files"));
      const files = Object.values((prometheus?.manifest.data ?? {}) as Record<string, string>).join("\n");
      expect(files).toContain("gateway-nodes");
      expect(files).not.toContain("gateway:15020");
      // Of nginx there is nothing to ask.
      expect(files).not.toContain("nginx_");
    });

    test("tells where it is from outside", () => {
      expect(plan.outputs).toMatchObject({ url: "https://shop.example.com" });
    });
  });
}
