/** Versions that go together. */
export interface MeshVersions {
  readonly istio: string;
  /** Chart that has the Gateway API bundle which this minor of Istio is built against. */
  readonly gatewayApi: string;
  readonly certManager: string;
}

/**
 * By minor of Istio. 1.31 is built against Gateway API 1.6 (its go.mod); chart v1.9.0 of Envoy Gateway has bundle 1.6.1.
 * A newer patch is one line here; where the stack installs the mesh every pod restarts with it, and so gets the new proxy.
 */
export const meshVersions = {
  "1.31": { istio: "1.31.1", gatewayApi: "v1.9.0", certManager: "v1.21.2" },
} as const satisfies Record<string, MeshVersions>;

export const defaultVersion = "1.31";
