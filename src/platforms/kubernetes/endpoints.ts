import type { OutsideServer } from "../../core/outside.ts";
import { sealer } from "../../core/seal.ts";
import type { Server } from "./manifests/network-policy.ts";

/** What a connection's opaque endpoint is on Kubernetes: the pods that serve it. */
export const { seal: sealEndpoint, open: openEndpoint, tryOpen: tryEndpoint } = sealer<Server>();

/** The same of a system that runs outside of the stack. */
export const { seal: sealOutside, tryOpen: tryOutside } = sealer<OutsideServer>();
