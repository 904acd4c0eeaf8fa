import { sealer } from "../../core/seal.ts";
import type { Server } from "./manifests/network-policy.ts";

/** What a connection's opaque endpoint is on Kubernetes: the pods that serve it. */
export const { seal: sealEndpoint, open: openEndpoint, tryOpen: tryEndpoint } = sealer<Server>();
