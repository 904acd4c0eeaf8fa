import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { istioctlMissing, istioFindings } from "../support/istioctl.ts";
import { context, describeKubernetes, kubectl, leftOf, listed } from "../support/kubernetes-tier.ts";
import { ran, until } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly spec?: unknown;
}

const kinds = "peerauthentications,authorizationpolicies,destinationrules,virtualservices,serviceentries,sidecars,telemetries,networkpolicies";

for (const profile of ["staging", "prod"] as const) {
  describeKubernetes(`manifests of the starter in a mesh, profile ${profile}`, () => {
    let project: TempProject;
    let folder: string;
    const apply = () => kubectl("apply", "--server-side", "--validate=strict", "-k", folder);
    const versions = async () =>
      Object.fromEntries(
        (await listed<Stored>(project.prefix, kinds)).map(({ kind, metadata }) => [
          `${kind} ${metadata.name}`,
          `${metadata.uid} ${metadata.resourceVersion}`,
        ]),
      );

    beforeAll(async () => {
      // Profile prod takes no key from the environment, so no copy beside the first either.
      project = tempProject(profile === "prod" ? "" : "km");
      project.settings({
        target: "kubernetes",
        profile,
        images: { api: "registry.example/acme/api:1.0.0" },
        components: {
          api: {
            egress: [
              { host: "api.example.com", port: 443 },
              { host: "10.1.2.3", port: 5000 },
            ],
            requestTimeoutSeconds: 30,
          },
        },
        kubernetes: {
          context,
          storageClass: "standard",
          mesh: { mode: "sidecar", tracingProvider: "traces", permissive: [{ workload: "bus", port: "monitor", reason: "asked from outside" }] },
        },
      });
      await ran(project, ["render", "dev", "--output", "out"]);
      folder = join(project.root, "out");
    });
    afterAll(async () => {
      await kubectl("delete", "namespace", project.prefix, "--ignore-not-found");
      project.remove();
    });

    test("apply with strict validation, every object of the mesh included", async () => {
      const { code, output } = await apply();
      expect(code, output).toBe(0);
      expect(output).not.toMatch(/would violate PodSecurity|unknown field/);
      const stored = await listed<Stored>(project.prefix, kinds);
      const count = (kind: string) => stored.filter((object) => object.kind === kind).length;
      expect(count("AuthorizationPolicy")).toBeGreaterThan(10);
      expect([count("PeerAuthentication"), count("ServiceEntry"), count("Sidecar"), count("Telemetry")]).toEqual([2, 2, 1, 1]);
      expect(count("DestinationRule")).toBeGreaterThan(count("VirtualService"));
      // An empty rule denies everything; were it dropped on the way, nothing would be denied.
      expect(stored.find(({ kind, metadata }) => kind === "AuthorizationPolicy" && metadata.name === "default-deny")?.spec).toEqual({});
    });

    test("to apply them again changes nothing", async () => {
      const before = await versions();
      expect(Object.keys(before).length).toBeGreaterThan(40);
      const { code, output } = await apply();
      expect(code, output).toBe(0);
      expect(await versions()).toEqual(before);
    });

    test.each([
      ["bus/destinationrule-bus.yaml", "trafficPolicy:", "traficPolicy:"],
      ["api/authorizationpolicy-api-to-db.yaml", "principals:", "principal:"],
      ["stack/peerauthentication-default.yaml", "mode:", "mod:"],
    ])("a misspelt field is refused: %s", async (file, right, wrong) => {
      const text = readFileSync(join(folder, file), "utf8");
      const spoilt = join(project.root, "spoilt.yaml");
      writeFileSync(spoilt, text.replace(right, wrong).replace(/^ {2}name: .*$/m, "  name: spoilt"));
      const { code, output } = await kubectl("create", "--dry-run=server", "--validate=strict", "-f", spoilt);
      expect(code, output).not.toBe(0);
      expect(output).toContain(
        `unknown field "spec.${file.includes("peer") ? "mtls." : file.includes("author") ? "rules[0].from[0].source." : ""}${wrong.slice(0, -1)}"`,
      );
    });

    test("a wrong value is refused, too", async () => {
      const text = readFileSync(join(folder, "stack/peerauthentication-default.yaml"), "utf8");
      const spoilt = join(project.root, "spoilt.yaml");
      writeFileSync(spoilt, text.replace("STRICT", "STRICTLY"));
      const { code, output } = await kubectl("apply", "--server-side", "--dry-run=server", "-f", spoilt);
      expect(code).not.toBe(0);
      expect(output).toContain("STRICTLY");
    });

    const lacks = istioctlMissing();
    test.skipIf(lacks)(`istioctl analyze finds nothing${lacks ? ` (not run: ${lacks})` : ""}`, async () => {
      expect(istioFindings(context, project.prefix)).toEqual([]);
    });

    test.skipIf(lacks).each([
      ["a route to a host that is not there", "api/virtualservice-api.yaml", "host: api.", "host: apy.", "IST0101"],
      ["a rule for pods that are not there", "api/authorizationpolicy-api-to-db.yaml", "part: db", "part: dp", "IST0127"],
    ])("istioctl analyze finds %s", (_, file, right, wrong, finding) => {
      const spoilt = join(project.root, "spoilt.yaml");
      const text = readFileSync(join(folder, file), "utf8");
      expect(text).toContain(right);
      writeFileSync(spoilt, text.replaceAll(right, wrong));
      expect(istioFindings(context, project.prefix, [spoilt]).join("\n")).toContain(`[${finding}]`);
    });

    test("deletion leaves nothing", async () => {
      const { code, output } = await kubectl("delete", "-k", folder);
      expect(code, output).toBe(0);
      await until("everything is gone", 60, async () => (await leftOf(project.prefix)).length === 0);
    });
  });
}
