import { describe, expect, test } from "vitest";
import { autoscaler } from "../../../../src/platforms/kubernetes/manifests/autoscaler.ts";
import { configMap } from "../../../../src/platforms/kubernetes/manifests/config.ts";
import { deployment } from "../../../../src/platforms/kubernetes/manifests/deployment.ts";
import { disruptionBudget } from "../../../../src/platforms/kubernetes/manifests/disruption-budget.ts";
import { namespace } from "../../../../src/platforms/kubernetes/manifests/namespace.ts";
import { admission, partPolicy } from "../../../../src/platforms/kubernetes/manifests/network-policy.ts";
import { workloadPod } from "../../../../src/platforms/kubernetes/manifests/pod.ts";
import { clientService } from "../../../../src/platforms/kubernetes/manifests/service.ts";
import { serviceAccount } from "../../../../src/platforms/kubernetes/manifests/service-account.ts";
import type { Manifest } from "../../../../src/preview/kubernetes.ts";
import { type PodObject, podTemplates } from "../../../support/kubernetes/pods.ts";
import { danglingReferences } from "../../../support/kubernetes/references.ts";
import { restrictedViolations } from "../../../support/kubernetes/restricted.ts";
import { schemaErrors } from "../../../support/kubernetes/schema.ts";
import { files, part, place, workload } from "./specs.ts";

// biome-ignore lint/suspicious/noExplicitAny: each test breaks something else in plain objects
type Loose = any;

/** A small namespace in which everything is right. */
function sound(): Record<string, Loose> {
  const spec = workload({ replicas: 2, files: files.slice(0, 1), autoscale: { min: 2, max: 4, cpuPercent: 70 } });
  const of = (apiVersion: string, kind: string, manifest: object) => ({ apiVersion, kind, ...manifest });
  const objects = {
    namespace: of("v1", "Namespace", namespace(place)),
    account: of("v1", "ServiceAccount", serviceAccount(place, part)),
    config: of("v1", "ConfigMap", configMap(place, part, "web-files-1", { "server.conf": "port 1\n" })),
    service: of("v1", "Service", clientService(place, part, spec.ports)),
    deployment: of(
      "apps/v1",
      "Deployment",
      deployment(place, part, spec, workloadPod(place, part, spec, { image: "r.example/web:1.0.0", config: "web-files-1" })),
    ),
    policy: of("networking.k8s.io/v1", "NetworkPolicy", partPolicy(place, part, { servers: [], egress: [], siblings: [8080] })),
    budget: of("policy/v1", "PodDisruptionBudget", disruptionBudget(place, part, spec)),
    autoscaler: of("autoscaling/v2", "HorizontalPodAutoscaler", autoscaler(place, part, { min: 2, max: 4, cpuPercent: 70 })),
  };
  return structuredClone(objects);
}

const all = (objects: Record<string, Loose>): Manifest[] => Object.values(objects);
const podOf = (objects: Record<string, Loose>): Loose => objects.deployment.spec.template.spec;

test("a namespace in which everything is right passes all checks", async () => {
  const objects = all(sound());
  expect(danglingReferences(objects)).toEqual([]);
  expect(podTemplates(objects).flatMap(({ pod }) => restrictedViolations(pod))).toEqual([]);
  expect((await Promise.all(objects.map(schemaErrors))).flat()).toEqual([]);
});

describe("the check of references finds", () => {
  const cases: readonly (readonly [string, (objects: Record<string, Loose>) => void, string])[] = [
    ["a Service for nobody", (o) => (o.service.spec.selector["io.groundplan.part"] = "other"), "Service web: selector matches no pod"],
    ["a port on which nothing listens", (o) => (o.service.spec.ports[0].targetPort = "grpc"), "Service web: nothing listens on http"],
    [
      "a Deployment without its pods",
      (o) => (o.deployment.spec.selector.matchLabels.a = "b"),
      "Deployment web: its selector does not match its own pods",
    ],
    ["a budget for nobody", (o) => (o.budget.spec.selector.matchLabels.a = "b"), "PodDisruptionBudget web: selector matches no pod"],
    ["an autoscaler of nothing", (o) => (o.autoscaler.spec.scaleTargetRef.name = "api"), "HorizontalPodAutoscaler web: no Deployment api"],
    ["a policy for nobody", (o) => (o.policy.spec.podSelector.matchLabels.a = "b"), "NetworkPolicy web: podSelector matches no pod"],
    ["a peer that is nobody", (o) => (o.policy.spec.ingress[0].from[0].podSelector.matchLabels.a = "b"), "NetworkPolicy web: a peer matches no pod"],
    ["an opened port that nobody has", (o) => (o.policy.spec.ingress[0].ports[0].port = 1), "NetworkPolicy web: nothing listens on 1"],
    ["a path to a port that nobody has", (o) => (o.policy.spec.egress[1].ports[0].port = 2), "NetworkPolicy web: nothing listens on 2"],
    [
      "a server that is not there",
      (o) => (o.extra = withKind(admission(place, part, { system: "db", name: "db", ports: [1] }))),
      "NetworkPolicy web-to-db: podSelector matches no pod",
    ],
    ["a missing account", (o) => delete o.account, "Deployment web: no ServiceAccount web"],
    ["a missing ConfigMap", (o) => (o.config.metadata.name = "web-files-2"), "Deployment web: no ConfigMap web-files-1"],
    ["a missing key", (o) => (o.config.data = {}), "Deployment web: ConfigMap web-files-1 has no key server.conf"],
    [
      "a missing Secret",
      (o) => podOf(o).containers[0].env.push({ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "A" } } }),
      "Deployment web: no Secret s",
    ],
    ["a mount of nothing", (o) => podOf(o).volumes.pop(), "Deployment web: web mounts the unknown volume groundplan-scratch-0"],
    [
      "a probe of no port",
      (o) => (podOf(o).containers[0].livenessProbe.tcpSocket.port = "x"),
      "Deployment web: livenessProbe asks the unknown port x",
    ],
    ["an object that is there twice", (o) => (o.extra = structuredClone(o.account)), "v1 ServiceAccount shop-prod/web is there twice"],
    ["another namespace", (o) => (o.namespace.metadata.name = "other"), "Service web: no namespace"],
  ];
  test.each(cases)("%s", (_, spoil, found) => {
    const objects = sound();
    spoil(objects);
    expect(danglingReferences(all(objects))).toContain(found);
  });
});

const withKind = (manifest: object) => ({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", ...structuredClone(manifest) });

describe("the check of pod security finds", () => {
  const cases: readonly (readonly [string, (pod: Loose) => void, string])[] = [
    ["the network of the host", (pod) => (pod.hostNetwork = true), "hostNetwork is set"],
    ["a folder of the host", (pod) => pod.volumes.push({ name: "h", hostPath: { path: "/" } }), "volume h is a hostPath"],
    ["root", (pod) => (pod.securityContext.runAsUser = 0), "runAsUser is 0"],
    ["a user that nobody named", (pod) => delete pod.securityContext.runAsNonRoot, "runAsNonRoot is not true"],
    ["no filter of system calls", (pod) => (pod.securityContext.seccompProfile.type = "Unconfined"), "seccompProfile is not RuntimeDefault"],
    [
      "a way to more privileges",
      (pod) => delete pod.containers[0].securityContext.allowPrivilegeEscalation,
      "web: allowPrivilegeEscalation is not false",
    ],
    ["a capability", (pod) => (pod.containers[0].securityContext.capabilities.add = ["NET_RAW"]), "web: capabilities are added: NET_RAW"],
    ["a container that says otherwise", (pod) => (pod.containers[0].securityContext.runAsUser = 1), "web: runAsUser is overridden"],
    ["a first container that nobody looked at", (pod) => (pod.initContainers = [{ name: "init" }]), "init: capabilities are not dropped"],
    ["a port of the host", (pod) => (pod.containers[0].ports[0].hostPort = 80), "web: hostPort is set"],
    ["a token", (pod) => (pod.automountServiceAccountToken = true), "the token of the service account is mounted"],
  ];
  test.each(cases)("%s", (_, spoil, found) => {
    const pod = podOf(sound());
    spoil(pod);
    expect(restrictedViolations(pod as PodObject)).toContain(found);
  });
});

describe("the check of schemas finds", () => {
  test("fields that there are not, at any depth", async () => {
    const { deployment: object } = sound();
    object.spec.template.spec.containers[0].securityContext.readonly = true;
    object.metadata.label = {};
    expect(await schemaErrors(object)).toEqual([
      "Deployment web: the schema knows no /metadata/label",
      "Deployment web: the schema knows no /spec/template/spec/containers/0/securityContext/readonly",
    ]);
  });

  test("values that are not allowed, and kinds that there are not", async () => {
    const { deployment: object } = sound();
    object.spec.minReadySeconds = "5";
    expect(await schemaErrors(object)).toEqual([expect.stringContaining("minReadySeconds must be integer")]);
    expect(await schemaErrors({ ...object, apiVersion: "apps/v2" })).toEqual(["Deployment web: no schema of apps/v2"]);
  });
});
