import { tcp } from "../../../../src/core/probe.ts";
import { secretRef, text } from "../../../../src/core/text.ts";
import type { JobSpec, WorkloadSpec } from "../../../../src/core/workload.ts";
import type { Part, Place } from "../../../../src/platforms/kubernetes/manifests/names.ts";

export const place: Place = { id: { project: "shop", env: "prod", isolation: "" }, namespace: "shop-prod" };
export const part: Part = { system: "web", name: "web", role: "server", version: "1.0.0" };

export const selected = { "io.groundplan.stack": "shop-prod", "io.groundplan.component": "web", "io.groundplan.part": "web" };

/** Labels of everything of the component web. */
export const labelled = (role = "server", version: string | undefined = "1.0.0", name = "web") => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/instance": "shop-prod",
  "app.kubernetes.io/component": role,
  "app.kubernetes.io/part-of": "shop",
  "app.kubernetes.io/managed-by": "groundplan",
  ...(version ? { "app.kubernetes.io/version": version } : {}),
  ...selected,
  "io.groundplan.part": name,
  "io.groundplan.role": role,
});

const container = {
  image: { reference: "registry.example/web:1.0.0" },
  env: {},
  files: [],
  volumes: [],
  scratch: ["/tmp"],
  uid: 1000,
  gid: 1001,
  resources: { memoryMiB: 256, cpus: 0.5 },
  readOnlyRoot: true,
} as const;

/** A service with one port, and whatever a test is about. */
export const workload = (over: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  ...container,
  name: "web",
  replicas: 1,
  identity: "any",
  ports: { http: { port: 8080, protocol: "http", published: false } },
  probe: tcp(),
  tools: [],
  bindings: [],
  egress: [],
  stopSignal: "SIGTERM",
  stopSeconds: 30,
  ...over,
});

export const step = (over: Partial<JobSpec> = {}): JobSpec => ({
  ...container,
  name: "web-setup",
  when: "up",
  joins: "web",
  after: ["web"],
  timeoutSeconds: 90,
  ...over,
});

export const files = [
  { path: "/etc/groundplan/server.conf", content: "port 1\n" },
  { path: "/etc/groundplan/password", content: text`${secretRef("app")}` },
];
