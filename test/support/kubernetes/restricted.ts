import { containersOfPod, type PodObject } from "./pods.ts";

const volumeSources = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

/** Where a pod goes beyond the restricted pod security standard, and beyond what the library promises on top of it. */
export function restrictedViolations(pod: PodObject): string[] {
  const context = pod.securityContext ?? {};
  return [
    ...["hostNetwork", "hostPID", "hostIPC"].filter((field) => pod[field]).map((field) => `${field} is set`),
    ...(pod.volumes ?? []).flatMap((volume) =>
      Object.keys(volume)
        .filter((source) => source !== "name" && !volumeSources.includes(source))
        .map((source) => `volume ${volume.name} is a ${source}`),
    ),
    ...(context.runAsNonRoot === true ? [] : ["runAsNonRoot is not true"]),
    ...(isUser(context.runAsUser) ? [] : [`runAsUser is ${String(context.runAsUser)}`]),
    ...(isUser(context.runAsGroup) ? [] : [`runAsGroup is ${String(context.runAsGroup)}`]),
    ...((context.seccompProfile as { type?: string } | undefined)?.type === "RuntimeDefault" ? [] : ["seccompProfile is not RuntimeDefault"]),
    ...["sysctls", "windowsOptions", "seLinuxOptions", "appArmorProfile"].filter((field) => context[field]).map((field) => `${field} is set`),
    ...containersOfPod(pod).flatMap((container) => containerViolations(container.securityContext ?? {}).map((what) => `${container.name}: ${what}`)),
    ...containersOfPod(pod).flatMap(({ name, ports = [] }) => (ports.some(({ hostPort }) => hostPort) ? [`${name}: hostPort is set`] : [])),
    // Beyond the standard.
    ...(pod.automountServiceAccountToken === false ? [] : ["the token of the service account is mounted"]),
    ...(pod.enableServiceLinks === false ? [] : ["variables about other services are set"]),
    ...(pod.serviceAccountName ? [] : ["it has no service account of its own"]),
  ];
}

function containerViolations(context: Readonly<Record<string, unknown>>): string[] {
  const capabilities = (context.capabilities ?? {}) as { drop?: string[]; add?: string[] };
  const overrides = ["privileged", "procMount", "runAsNonRoot", "runAsUser", "runAsGroup", "seccompProfile", "seLinuxOptions"];
  return [
    ...(context.allowPrivilegeEscalation === false ? [] : ["allowPrivilegeEscalation is not false"]),
    ...(capabilities.drop?.includes("ALL") ? [] : ["capabilities are not dropped"]),
    ...(capabilities.add?.length ? [`capabilities are added: ${capabilities.add.join(", ")}`] : []),
    // What the pod says holds for all of its containers.
    ...overrides.filter((field) => field in context).map((field) => `${field} is overridden`),
  ];
}

const isUser = (id: unknown) => typeof id === "number" && Number.isInteger(id) && id > 0;
