import { type PolicyCases, resource } from "../cases.ts";
import { cronJob, deployment, listOf, pod } from "../kubernetes-objects.ts";

const at = "web: spec.template.spec";
const first = `${at}.containers[0]`;
const web = (container: Record<string, unknown>, spec: Record<string, unknown> = {}) => [
  deployment("web", { ...spec, containers: [{ name: "web", image: "acme/web:1.0.0", ...container }] }),
];
const reserved = { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } };

const asks = (path: string, failureThreshold: number) => ({ httpGet: { path, port: "http" }, periodSeconds: 5, failureThreshold });
const probed = (probes: Record<string, unknown>) => web({ ports: [{ name: "http", containerPort: 8080 }], ...probes });

const account = (automountServiceAccountToken?: boolean) =>
  resource("kubernetes:core/v1:ServiceAccount", "account", { metadata: { name: "web", namespace: "shop" }, automountServiceAccountToken });
const binding = (namespace: string) =>
  resource("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "binding", {
    metadata: { name: "web", namespace: "shop" },
    roleRef: { kind: "Role", name: "leader" },
    subjects: [{ kind: "ServiceAccount", name: "web", namespace }],
  });
const named = (spec: Record<string, unknown> = {}) => web({}, { serviceAccountName: "web", ...spec });

const firstValue = "spec.template.spec.containers[0].env[0].value";
const variable = (name: string, value: unknown, secretInputs: readonly string[] = []) =>
  web({ env: [{ name, value }] }).map((workload) => ({ ...workload, secretInputs }));
const config = (data: Record<string, unknown>) => [resource("kubernetes:core/v1:ConfigMap", "settings", { metadata: { name: "settings" }, data })];
const reference = { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } };

export const kubernetesContainerCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-resources": {
    compliant: [
      { title: "requests and a memory limit", resources: web({ resources: reserved }) },
      { title: "a limit, which is the request too", resources: web({ resources: { limits: { cpu: 1, memory: "256Mi" } } }) },
      { title: "of the pod as a whole", resources: web({}, { resources: reserved }) },
    ],
    violating: [
      {
        title: "nothing said",
        resources: web({}),
        finds: [`${first}.resources.requests.cpu`, `${first}.resources.requests.memory`, `${first}.resources.limits.memory`],
      },
      {
        title: "a job that has requests only",
        resources: [cronJob("report", { containers: [{ name: "report", resources: { requests: { cpu: "100m", memory: "128Mi" } } }] })],
        finds: ["report: spec.jobTemplate.spec.template.spec.containers[0].resources.limits.memory"],
      },
      {
        title: "a container that only prepares",
        resources: web({ resources: reserved }, { initContainers: [{ name: "wait", resources: { limits: { memory: "64Mi" } } }] }),
        finds: [`${at}.initContainers[0].resources.requests.cpu`],
      },
    ],
    reads: {
      [`${first}.resources.requests.cpu`]: [`${first}.resources.requests.cpu`],
      [`${first}.resources.requests.memory`]: [],
      [`${first}.resources.limits.memory`]: [`${first}.resources.limits.memory`],
    },
  },
  "k8s-probes": {
    compliant: [
      { title: "asked the same, restarted later", resources: probed({ readinessProbe: asks("/health", 3), livenessProbe: asks("/health", 4) }) },
      { title: "a process that is asked something else", resources: probed({ readinessProbe: asks("/ready", 3), livenessProbe: asks("/live", 3) }) },
      {
        title: "a sidecar without ports",
        resources: [deployment("web", { containers: [{ name: "web", readinessProbe: { exec: { command: ["ready"] } } }, { name: "logs" }] })],
      },
      { title: "a pod that ends", resources: [pod("task", { restartPolicy: "Never", containers: [{ name: "task" }] })] },
      { title: "undeclared ports", resources: web({ readinessProbe: { tcpSocket: { port: 8080 } }, livenessProbe: { grpc: { port: 9090 } } }) },
    ],
    violating: [
      { title: "not ready, only started", resources: probed({}), finds: [`${first}.readinessProbe`] },
      { title: "a worker that nobody asks", resources: web({}), finds: [`${first}.readinessProbe`] },
      {
        title: "restarted as soon as it is busy",
        resources: probed({ readinessProbe: asks("/health", 3), livenessProbe: asks("/health", 3) }),
        finds: [`${first}.livenessProbe`],
      },
      {
        title: "ports that there are not",
        resources: probed({ readinessProbe: { httpGet: { port: 9090 } }, livenessProbe: { tcpSocket: { port: "admin" } } }),
        finds: [`${first}.readinessProbe.httpGet.port`, `${first}.livenessProbe.tcpSocket.port`],
      },
    ],
    reads: {
      [`${first}.readinessProbe`]: [`${first}.readinessProbe`],
      [`${first}.livenessProbe`]: [],
      [`${first}.livenessProbe.failureThreshold`]: [`${first}.livenessProbe`],
      [`${first}.ports[0].name`]: [`${first}.livenessProbe.httpGet.port`, `${first}.readinessProbe.httpGet.port`],
    },
  },
  "k8s-service-account": {
    compliant: [
      { title: "an account without a token", resources: named({ automountServiceAccountToken: false }) },
      { title: "an account that says so itself", resources: [...named(), account(false)] },
      { title: "a token that is needed", resources: [...named({ automountServiceAccountToken: true }), binding("shop")] },
    ],
    violating: [
      { title: "the default account", resources: web({}), finds: [`${at}.serviceAccountName`, `${at}.automountServiceAccountToken`] },
      { title: "a token by default", resources: [...named(), account()], finds: [`${at}.automountServiceAccountToken`] },
      {
        title: "a token that nothing gives rights",
        resources: [...named({ automountServiceAccountToken: true }), account(false), binding("other")],
        finds: [`${at}.automountServiceAccountToken`],
      },
    ],
    reads: {
      [`${at}.serviceAccountName`]: [`${at}.serviceAccountName`],
      [`${at}.automountServiceAccountToken`]: [`${at}.automountServiceAccountToken`],
    },
  },
  "k8s-secret-hygiene": {
    compliant: [
      { title: "a reference to a Secret", resources: web({ env: [{ name: "LOG_LEVEL", value: "info" }, reference] }) },
      {
        title: "what is about a secret",
        resources: web({
          env: [
            { name: "TOKEN_TTL", value: "3600" },
            { name: "MAX_TOKENS", value: "4096" },
          ],
        }),
      },
      {
        title: "where a secret is",
        resources: web({
          env: [
            { name: "DB_PASSWORD", value: "$(FROM_SECRET)" },
            { name: "API_TOKEN", value: "/run/token" },
          ],
        }),
      },
      { title: "a filler for a client that insists", resources: variable("AWS_SECRET_ACCESS_KEY", "unused") },
      { title: "settings and files", resources: config({ LOG_LEVEL: "info", "token-rules.rego": "package token", PASSWORD_POLICY: "strict" }) },
    ],
    violating: [
      { title: "a password in a variable", resources: variable("DB_PASSWORD", "hunter2-example"), finds: [`${first}.env[0].value`] },
      { title: "one inside of an address", resources: variable("DATABASE_URL", "postgres://shop:hunter2@db/shop"), finds: [`${first}.env[0].value`] },
      { title: "a key in a ConfigMap", resources: config({ PAYMENT_API_KEY: "hunter2-example" }), finds: ["settings: data.PAYMENT_API_KEY"] },
      {
        title: "a private key in a file of a ConfigMap",
        resources: config({ "tls.pem": "-----BEGIN PRIVATE KEY-----\nMIIE" }),
        finds: ['settings: data["tls.pem"]'],
      },
    ],
    reads: { [`${first}.env[0].value`]: [], [`${first}.env`]: [] },
  },
  "k8s-marked-secrets": {
    compliant: [
      { title: "a reference to a Secret", resources: web({ env: [{ name: "LOG_LEVEL", value: "info" }, reference] }) },
      { title: "one that its name gives away, which is another policy's", resources: variable("DB_PASSWORD", "hunter2-example", [firstValue]) },
    ],
    violating: [
      { title: "a marked value in a variable", resources: variable("GREETING", "hello", [firstValue]), finds: [`${first}.env[0].value`] },
      {
        title: "a marked value in a ConfigMap",
        resources: config({ GREETING: "hello" }).map((map) => ({ ...map, secretInputs: ["data.GREETING"] })),
        finds: ["settings: data.GREETING"],
      },
      {
        title: "marked values in a list of ConfigMaps",
        resources: config({ GREETING: "hello" }).flatMap((map) => [
          { ...listOf("core/v1:ConfigMap", map, map), secretInputs: ["items[1].data.GREETING"] },
          { ...listOf("core/v1:ConfigMap", map), name: "whole", secretInputs: ["items"] },
        ]),
        finds: ["all: items[1].data.GREETING", "whole: items[0].data.GREETING"],
      },
      {
        title: "a ConfigMap that is marked whole",
        resources: config({ GREETING: "hello" }).map((map) => ({ ...map, secretInputs: ["data"] })),
        finds: ["settings: data.GREETING"],
      },
    ],
    reads: { [`${first}.env[0].value`]: [], [`${first}.env`]: [] },
  },
};
