import type { StackSettings } from "../../../src/core/settings.ts";

/** Class of gateways of a stack; none is known without a mesh and without a word about it. */
export const gatewayClassOf = ({ kubernetes }: Pick<StackSettings, "kubernetes">): string | undefined =>
  kubernetes?.gatewayClass ?? (kubernetes?.mesh?.mode === "sidecar" ? "istio" : undefined);

/** Whether the proxies are Istio's, which honour every argument, or some that understand the portable part alone. */
export const servedBy = (settings: Pick<StackSettings, "kubernetes">): "istio" | "another" =>
  gatewayClassOf(settings) === "istio" ? "istio" : "another";

/** Whether every connection between pods is by mTLS and must be allowed by name. */
export const inMesh = ({ kubernetes }: Pick<StackSettings, "kubernetes">): boolean => kubernetes?.mesh?.mode === "sidecar";
