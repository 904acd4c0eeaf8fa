/** One version for each group: the stable one of Istio 1.31. */
export const istioSecurity = "security.istio.io/v1";
export const istioNetworking = "networking.istio.io/v1";
export const istioTelemetry = "telemetry.istio.io/v1";

/** A rule of the mesh wants whole names: a short one is taken for one of the namespace that it is read in. */
export const hostOf = (service: string, namespace: string, clusterDomain: string) => `${service}.${namespace}.svc.${clusterDomain}`;

/** Objects of a stack are read by the proxies of its own namespace alone. */
export const ownNamespace = ["."];
