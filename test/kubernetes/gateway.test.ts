import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { context, describeKubernetes, kubectl, listed } from "../support/kubernetes-tier.ts";
import { ran, until } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation?: number };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly parents?: readonly { readonly conditions: readonly Condition[] }[];
  };
}
interface Condition {
  readonly type: string;
  readonly status: string;
}

const holds = (conditions: readonly Condition[] = [], type: string) => conditions.some((each) => each.type === type && each.status === "True");

const body = (api: string) => `
  const service = { platform, image: "registry.example/acme/api:1.0.0", ports: { http: 8000 }, health: http("/health") };
  const web = new AppService("web", service);
  const next = new AppService("web-next", service);
  const gateway = new ServiceMeshGateway("gateway", {
    platform,
    api: "${api}",
    hosts: ["shop.example.com", "admin.example.com"],
    replicas: 2,
    hsts: { maxAgeSeconds: 600 },
    routes: {
      web: { to: { stable: web.connection, canary: next.connection }, weights: { stable: 90, canary: 10 } },
      api: { path: "/api", stripPrefix: true, to: web.connection, rateLimit: { requestsPerSecond: 2.5 }, cors: { origins: ["https://a.example.com"], credentials: true } },
      live: { path: "/live", to: next.connection, websocket: true },
      admin: { host: "admin.example.com", to: next.connection, retries: 0 },
    },
  });
  return { host: gateway.connection.host };`;

const interfaces = {
  "gateway-api": "gateways.gateway.networking.k8s.io,httproutes,envoyfilters,certificates,issuers,authorizationpolicies,networkpolicies",
  istio: "gateways.networking.istio.io,virtualservices,envoyfilters,deployments,services,certificates,issuers,authorizationpolicies,networkpolicies",
};

for (const [api, kinds] of Object.entries(interfaces)) {
  describeKubernetes(`manifests of a gateway, api ${api}`, () => {
    let project: TempProject;
    let folder: string;
    const apply = () => kubectl("apply", "--server-side", "--validate=strict", "-k", folder);

    beforeAll(async () => {
      project = tempProject("kg");
      project.topology(body(api));
      const kubernetes = { context, registry: "registry.example/acme", storageClass: "standard", mesh: { mode: "sidecar" } };
      project.settings({ target: "kubernetes", profile: "staging", kubernetes });
      await ran(project, ["render", "dev", "--output", "out"]);
      folder = join(project.root, "out");
    });
    afterAll(async () => {
      await kubectl("delete", "namespace", project.prefix, "--ignore-not-found");
      project.remove();
    });

    test("apply with strict validation; the namespace admits its pods, and controllers take what they are asked", async () => {
      const { code, output } = await apply();
      expect(code, output).toBe(0);
      expect(output).not.toMatch(/would violate PodSecurity|unknown field/);
      const certificates = await until("every certificate is issued", 60, async () => {
        const all = await listed<Stored>(project.prefix, "certificates");
        return all.length > 0 && all.every(({ status }) => holds(status?.conditions, "Ready")) && all;
      });
      expect(certificates.map(({ metadata }) => metadata.name).toSorted()).toEqual(["gateway-ca", "gateway-tls"]);
      if (api === "istio") {
        await until("the pods of the gateway are ready", 60, async () =>
          (await listed<Stored>(project.prefix, "deployments")).some(
            ({ metadata, status }) => metadata.name === "gateway" && holds(status?.conditions, "Available"),
          ),
        );
        return;
      }
      const routes = await until("every route is accepted", 60, async () => {
        const all = await listed<Stored>(project.prefix, "httproutes");
        return all.every(({ status }) => status?.parents?.every(({ conditions }) => holds(conditions, "Accepted"))) && all;
      });
      expect(routes.map(({ metadata }) => metadata.name).toSorted()).toEqual([
        "gateway",
        "gateway-admin",
        "gateway-api",
        "gateway-live",
        "gateway-web",
      ]);
    });

    test("to apply them again changes nothing", async () => {
      const versions = async () =>
        (await listed<Stored>(project.prefix, kinds)).map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.uid} ${metadata.generation}`);
      const before = await versions();
      expect(before.length).toBeGreaterThan(15);
      const { code, output } = await apply();
      expect(code, output).toBe(0);
      expect(await versions()).toEqual(before);
    });

    test("a field that its kind does not have is refused by the server", async () => {
      const file = join(project.root, "wrong.yaml");
      const [group = "", field = ""] =
        api === "istio" ? ["networking.istio.io/v1", "servers: [], listeners"] : ["gateway.networking.k8s.io/v1", "server"];
      writeFileSync(file, `apiVersion: ${group}\nkind: Gateway\nmetadata: { name: wrong, namespace: ${project.prefix} }\nspec: { ${field}: [] }\n`);
      const { code, output } = await kubectl("apply", "--server-side", "--validate=strict", "-f", file);
      expect(code).not.toBe(0);
      expect(output).toMatch(/field not declared in schema|unknown field/);
    });
  });
}
