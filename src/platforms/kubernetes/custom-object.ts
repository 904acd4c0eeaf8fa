import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";

/** An object of a kind that is not Kubernetes' own: Istio, Gateway API, cert-manager, the operator of Prometheus. */
export type CustomManifest = CustomResourceArgs;

export const customObject = (name: string, manifest: CustomManifest, options: pulumi.CustomResourceOptions): pulumi.Resource =>
  quietly(() => new CustomResource(name, manifest, options));
