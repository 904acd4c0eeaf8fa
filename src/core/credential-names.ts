import type { CredentialSpec } from "./credentials.ts";

/** Name of the resource, and the name by which a person asks for it, of a credential of a component. */
export const credentialName = (component: string, key: string) => `${component}-${key}-password`;

/** A credential that `rotate` leaves as it is. */
export interface LastingCredential {
  readonly name: string;
  readonly reason: string;
}

/** What a summary of the component tells of such credentials: a list, since a name with a text below it looks like a secret. */
export function lastingOf(component: string, secrets: Readonly<Record<string, CredentialSpec>>): { readonly lasting?: readonly LastingCredential[] } {
  const lasting = Object.entries(secrets).flatMap(([key, { lasting: reason }]) => (reason ? [{ name: credentialName(component, key), reason }] : []));
  return lasting.length > 0 ? { lasting } : {};
}
