import type { PolicyCases } from "../cases.ts";
import { cronJob, deployment, inShop, listOf, pod } from "../kubernetes-objects.ts";

const at = "web: spec.template.spec";
const first = `${at}.containers[0]`;

/** A Deployment of one container. */
const web = (container: Record<string, unknown>, spec: Record<string, unknown> = {}) => [
  deployment("web", { ...spec, containers: [{ name: "web", image: "acme/web:1.0.0", ...container }] }),
];
const secured = (securityContext: Record<string, unknown>, spec: Record<string, unknown> = {}) => web({ securityContext }, spec);
const windows = { os: { name: "windows" } };

export const kubernetesPodCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-no-host-access": {
    compliant: [
      {
        title: "a pod of its own",
        resources: web(
          { securityContext: { privileged: false }, ports: [{ containerPort: 8080, hostPort: 0 }] },
          { hostNetwork: false, hostPID: false, hostIPC: false, volumes: [{ name: "files", configMap: { name: "web" } }] },
        ),
      },
    ],
    violating: [
      { title: "a privileged container", resources: secured({ privileged: true }), finds: [`${first}.securityContext.privileged`] },
      {
        title: "the node's namespaces",
        resources: web({}, { hostNetwork: true, hostPID: true, hostIPC: true }),
        finds: [`${at}.hostNetwork`, `${at}.hostPID`, `${at}.hostIPC`],
      },
      { title: "a port of the node", resources: web({ ports: [{ containerPort: 8080, hostPort: 8080 }] }), finds: [`${first}.ports[0].hostPort`] },
      {
        title: "the Docker socket in a bare Pod",
        resources: [pod("builder", { containers: [{ name: "builder" }], volumes: [{ name: "docker", hostPath: { path: "/var/run/docker.sock" } }] })],
        finds: ["builder: spec.volumes[0].hostPath"],
      },
      {
        title: "a privileged container that only prepares",
        resources: [cronJob("tune", { containers: [{ name: "tune" }], initContainers: [{ name: "sysctl", securityContext: { privileged: true } }] })],
        finds: ["tune: spec.jobTemplate.spec.template.spec.initContainers[0].securityContext.privileged"],
      },
      {
        title: "the oldest kind of a workload",
        resources: [
          inShop("core/v1:ReplicationController", "web", {
            template: { spec: { hostNetwork: true, containers: [{ securityContext: { privileged: true } }] } },
          }),
        ],
        finds: [`${at}.hostNetwork`, `${first}.securityContext.privileged`],
      },
      {
        title: "a patch of what another one made",
        resources: [
          inShop("apps/v1:DeploymentPatch", "web", { template: { spec: { hostPID: true, containers: [{ name: "web" }] } } }),
          inShop("core/v1:PodPatch", "builder", { volumes: [{ name: "node", hostPath: { path: "/" } }] }),
        ],
        finds: [`${at}.hostPID`, "builder: spec.volumes[0].hostPath"],
      },
      {
        title: "a Deployment within a list",
        resources: [listOf("apps/v1:Deployment", deployment("api", { containers: [] }), deployment("web", { hostIPC: true, containers: [] }))],
        finds: ["all: items[1].spec.template.spec.hostIPC"],
      },
      {
        title: "processes of a Windows node",
        resources: web(
          { securityContext: { windowsOptions: { hostProcess: true } } },
          { ...windows, securityContext: { windowsOptions: { hostProcess: true } } },
        ),
        finds: [`${first}.securityContext.windowsOptions.hostProcess`, `${at}.securityContext.windowsOptions.hostProcess`],
      },
    ],
    reads: {
      [`${at}.hostNetwork`]: [],
      [`${at}.hostPID`]: [],
      [`${at}.hostIPC`]: [],
      [`${at}.volumes`]: [],
      [`${first}.securityContext.privileged`]: [],
      [`${first}.ports[0].hostPort`]: [],
    },
  },
  "k8s-no-escalation": {
    compliant: [
      { title: "nothing to gain", resources: secured({ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } }) },
      { title: "low ports", resources: secured({ allowPrivilegeEscalation: false, capabilities: { drop: ["all"], add: ["NET_BIND_SERVICE"] } }) },
      { title: "a pod of Windows", resources: secured({}, windows) },
    ],
    violating: [
      {
        title: "nothing said",
        resources: web({}),
        finds: [`${first}.securityContext.allowPrivilegeEscalation`, `${first}.securityContext.capabilities.drop`],
      },
      {
        title: "one capability dropped, one added",
        resources: secured({ allowPrivilegeEscalation: false, capabilities: { drop: ["NET_RAW"], add: ["NET_BIND_SERVICE", "NET_ADMIN"] } }),
        finds: [`${first}.securityContext.capabilities.drop`, `${first}.securityContext.capabilities.add[1]`],
      },
    ],
    reads: {
      [`${first}.securityContext.allowPrivilegeEscalation`]: [`${first}.securityContext.allowPrivilegeEscalation`],
      [`${first}.securityContext.capabilities.drop`]: [`${first}.securityContext.capabilities.drop`],
    },
  },
  "k8s-nonroot": {
    compliant: [
      { title: "a user for the whole pod", resources: web({}, { securityContext: { runAsNonRoot: true, runAsUser: 10_001 } }) },
      {
        title: "a user of the container, whatever the pod has",
        resources: secured({ runAsNonRoot: true, runAsUser: 1 }, { securityContext: { runAsUser: 0 } }),
      },
      { title: "a pod of Windows", resources: web({}, windows) },
    ],
    violating: [
      { title: "whoever the image runs as", resources: web({}), finds: [`${at}.securityContext.runAsNonRoot`] },
      {
        title: "root in one container",
        resources: secured({ runAsUser: 0, runAsNonRoot: false }, { securityContext: { runAsNonRoot: true, runAsUser: 10_001 } }),
        finds: [`${first}.securityContext.runAsUser`, `${first}.securityContext.runAsNonRoot`],
      },
      {
        title: "a user, but no word about root, in a job",
        resources: [cronJob("report", { securityContext: { runAsUser: 10_001 }, containers: [{ name: "report" }] })],
        finds: ["report: spec.jobTemplate.spec.template.spec.securityContext.runAsNonRoot"],
      },
    ],
    reads: {
      [`${at}.securityContext.runAsNonRoot`]: [`${at}.securityContext.runAsNonRoot`],
      [`${at}.securityContext.runAsUser`]: [],
    },
  },
  "k8s-uid-floor": {
    compliant: [
      { title: "a high id", resources: web({}, { securityContext: { runAsUser: 10_000 } }) },
      { title: "root, which is another matter", resources: secured({ runAsUser: 0 }) },
    ],
    violating: [
      { title: "an id of a database image", resources: web({}, { securityContext: { runAsUser: 999 } }), finds: [`${at}.securityContext.runAsUser`] },
      { title: "one below", resources: secured({ runAsUser: 9999 }), finds: [`${first}.securityContext.runAsUser`] },
    ],
    reads: { [`${at}.securityContext.runAsUser`]: [] },
  },
  "k8s-seccomp": {
    compliant: [
      { title: "the profile of the runtime", resources: web({}, { securityContext: { seccompProfile: { type: "RuntimeDefault" } } }) },
      { title: "a profile of the container", resources: secured({ seccompProfile: { type: "Localhost", localhostProfile: "web.json" } }) },
    ],
    violating: [
      { title: "no profile", resources: web({}), finds: [`${at}.securityContext.seccompProfile.type`] },
      {
        title: "switched off in the container",
        resources: secured({ seccompProfile: { type: "Unconfined" } }, { securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
        finds: [`${first}.securityContext.seccompProfile.type`],
      },
    ],
    reads: { [`${at}.securityContext.seccompProfile.type`]: [`${at}.securityContext.seccompProfile.type`] },
  },
  "k8s-readonly-rootfs": {
    compliant: [{ title: "nothing to change", resources: secured({ readOnlyRootFilesystem: true }) }],
    violating: [
      { title: "not said", resources: web({}), finds: [`${first}.securityContext.readOnlyRootFilesystem`] },
      { title: "writable", resources: secured({ readOnlyRootFilesystem: false }), finds: [`${first}.securityContext.readOnlyRootFilesystem`] },
    ],
    reads: { [`${first}.securityContext.readOnlyRootFilesystem`]: [`${first}.securityContext.readOnlyRootFilesystem`] },
  },
};
