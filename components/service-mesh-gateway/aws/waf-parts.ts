import type { wafv2 } from "@pulumi/aws/types/input.js";
import type { Route } from "../model.ts";

/** A rule before it has its place and its figures. */
export type Unordered = Omit<wafv2.WebAclRule, "priority" | "visibilityConfig" | "name"> & { readonly name: string };

/** The label that tells which route a request is for. */
export const labelOf = ({ name }: Route): string => `route:${name}`;
export const labelled = (key: string, scope: "LABEL" | "NAMESPACE" = "LABEL") => ({ labelMatchStatement: { key, scope } });

export const refuse = (responseCode: number, responseHeaders: readonly { readonly name: string; readonly value: string }[] = []) => ({
  block: { customResponse: { responseCode, ...(responseHeaders.length > 0 ? { responseHeaders: [...responseHeaders] } : {}) } },
});
