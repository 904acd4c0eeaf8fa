import type { PolicyCases } from "../cases.ts";
import { cronJob, deployment, pod } from "../kubernetes-objects.ts";

const at = "web: spec.template.spec";
const first = `${at}.containers[0]`;

/** A Deployment of one container. */
const web = (container: Record<string, unknown>, spec: Record<string, unknown> = {}) => [
  deployment("web", { ...spec, containers: [{ name: "web", image: "acme/web:1.0.0", ...container }] }),
];
const secured = (securityContext: Record<string, unknown>, spec: Record<string, unknown> = {}) => web({ securityContext }, spec);
const appArmor = (container: string) => `container.apparmor.security.beta.kubernetes.io/${container}`;
const volumes = (...list: Record<string, unknown>[]) => web({}, { volumes: list });

export const kubernetesPodGuardCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-kernel-defaults": {
    compliant: [
      {
        title: "settings of the pod alone",
        resources: secured(
          { procMount: "Default" },
          {
            securityContext: {
              seLinuxOptions: { type: "container_t", user: "", level: "s0:c123,c456" },
              appArmorProfile: { type: "RuntimeDefault" },
              sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
            },
          },
        ),
      },
      {
        title: "a profile by the older annotation",
        resources: [pod("web", { containers: [{ name: "web" }] }, { annotations: { [appArmor("web")]: "localhost/web" } })],
      },
    ],
    violating: [
      {
        title: "a setting of the node",
        resources: web({}, { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "65536" }] } }),
        finds: [`${at}.securityContext.sysctls[0].name`],
      },
      {
        title: "AppArmor off, /proc open",
        resources: secured({ procMount: "Unmasked", appArmorProfile: { type: "Unconfined" } }),
        finds: [`${first}.securityContext.procMount`, `${first}.securityContext.appArmorProfile.type`],
      },
      {
        title: "a label of SELinux that is none for containers",
        resources: secured(
          { seLinuxOptions: { type: "spc_t" } },
          { securityContext: { seLinuxOptions: { user: "system_u", role: "system_r" } }, initContainers: [{ name: "setup" }] },
        ),
        finds: [
          `${first}.securityContext.seLinuxOptions.type`,
          `${at}.securityContext.seLinuxOptions.user`,
          `${at}.securityContext.seLinuxOptions.role`,
        ],
      },
      {
        title: "AppArmor off by the older annotation",
        resources: [pod("web", { containers: [{ name: "web" }] }, { annotations: { [appArmor("web")]: "unconfined" } })],
        finds: [`web: metadata.annotations["${appArmor("web")}"]`],
      },
    ],
    reads: {
      [`${at}.securityContext.sysctls`]: [],
      [`${at}.securityContext.seLinuxOptions.type`]: [],
      [`${at}.securityContext.seLinuxOptions.user`]: [],
      [`${at}.securityContext.appArmorProfile.type`]: [],
      [`${first}.securityContext.procMount`]: [],
    },
  },
  "k8s-volume-types": {
    compliant: [
      {
        title: "a claim, files of the stack and scratch space",
        resources: volumes(
          { name: "data", persistentVolumeClaim: { claimName: "data" } },
          { name: "files", configMap: { name: "web" } },
          { name: "keys", secret: { secretName: "web" } },
          { name: "tmp", emptyDir: {}, nfs: undefined },
          { name: "all", projected: { sources: [] } },
          { name: "own", ephemeral: { volumeClaimTemplate: {} } },
          { name: "store", csi: { driver: "secrets-store.csi.k8s.io" } },
          { name: "about", downwardAPI: { items: [] } },
        ),
      },
      { title: "a folder of the node, which another policy finds", resources: volumes({ name: "host", hostPath: { path: "/srv" } }) },
    ],
    violating: [
      { title: "a share", resources: volumes({ name: "share", nfs: { server: "10.0.0.5", path: "/exports" } }), finds: [`${at}.volumes[0].nfs`] },
      {
        title: "a disk of a cloud, and a repository",
        resources: [
          cronJob("web", {
            containers: [{ name: "web" }],
            volumes: [
              { name: "disk", awsElasticBlockStore: { volumeID: "vol-0123" } },
              { name: "code", gitRepo: { repository: "https://git.acme.example/web" } },
            ],
          }),
        ],
        finds: ["awsElasticBlockStore", "gitRepo"].map((kind, index) => `web: spec.jobTemplate.spec.template.spec.volumes[${index}].${kind}`),
      },
    ],
    reads: { [`${at}.volumes`]: [], [`${at}.volumes[0].persistentVolumeClaim`]: [] },
    enoughUnknown: [`${at}.volumes[0].persistentVolumeClaim`],
  },
};
