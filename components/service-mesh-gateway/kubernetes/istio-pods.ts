import type { apps, core } from "@pulumi/kubernetes/types/input.js";
import { declaredWins, labels, metadata, type Part, type Place, selector } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { GatewayModel } from "../model.ts";
import { proxyResources, spreading } from "./gateway.ts";
import { certificateFolder } from "./istio-routes.ts";
import { envoyPorts, healthPath, namesOf, ports } from "./names.ts";

/** User of the proxy's image. */
const proxyUser = 1337;
const ready = { httpGet: { path: healthPath, port: envoyPorts.health, scheme: "HTTP" } };

/** Proxies of the stack's own: Istio fills in image, arguments and the leave to listen on ports below 1024; the rest stands here. */
export const proxyDeployment = (place: Place, part: Part, { replicas, resources }: GatewayModel): apps.v1.Deployment => ({
  metadata: metadata(place, part, part.name, declaredWins),
  spec: {
    replicas,
    selector: { matchLabels: selector(place, part) },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
    minReadySeconds: 5,
    revisionHistoryLimit: 3,
    template: {
      metadata: {
        labels: { ...labels(place, part), "sidecar.istio.io/inject": "true" },
        annotations: { "inject.istio.io/templates": "gateway" },
      },
      spec: { ...podSpec(part, resources), ...(replicas > 1 ? { topologySpreadConstraints: spreading(place, part) } : {}) },
    },
  },
});

const podSpec = (part: Part, resources: GatewayModel["resources"]): core.v1.PodSpec => ({
  serviceAccountName: part.name,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 35,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: proxyUser,
    runAsGroup: proxyUser,
    fsGroup: proxyUser,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [
    {
      name: "istio-proxy",
      image: "auto",
      ports: Object.entries({ ...ports, ...envoyPorts }).map(([name, containerPort]) => ({ name, containerPort, protocol: "TCP" })),
      resources: proxyResources(resources),
      startupProbe: { ...ready, periodSeconds: 1, failureThreshold: 60 },
      readinessProbe: { ...ready, periodSeconds: 5, failureThreshold: 4 },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
      volumeMounts: [{ name: "certificate", mountPath: certificateFolder, readOnly: true }],
    },
  ],
  // The folder, not single files of it: a certificate that is renewed arrives in it.
  volumes: [{ name: "certificate", secret: { secretName: namesOf(part.name).certificate, defaultMode: 0o440 } }],
});

/** The address from outside. Another node in between would hide that of the client, which limits of rate count by. */
export const entryService = (place: Place, part: Part): core.v1.Service => ({
  metadata: metadata(place, part, part.name, { "pulumi.com/skipAwait": "true" }),
  spec: {
    type: "LoadBalancer",
    externalTrafficPolicy: "Local",
    selector: selector(place, part),
    ports: [
      { name: "http", port: ports.http, targetPort: "http", protocol: "TCP", appProtocol: "http" },
      { name: "https", port: ports.https, targetPort: "https", protocol: "TCP", appProtocol: "https" },
    ],
  },
});
