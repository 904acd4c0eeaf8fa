import { resolve } from "node:path";

/** Where the policies are, for `pulumi preview --policy-pack`. */
export const policyPath = (): void => console.log(resolve(import.meta.dirname, "..", "..", "..", "policies"));
