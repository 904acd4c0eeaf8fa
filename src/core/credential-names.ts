import type { CredentialSpec } from "./credentials.ts";

/** Name of the resource, and the name by which a person asks for it, of a credential of a component. */
export const credentialName = (component: string, key: string) => `${component}-${key}-password`;

/** What a summary of the component tells of the credentials that `rotate` leaves as they are: why, by name. */
export function lastingCredentials(component: string, secrets: Readonly<Record<string, CredentialSpec>>) {
  const lasting = Object.entries(secrets).flatMap(([key, { lasting: reason }]) =>
    reason ? [[credentialName(component, key), reason] as const] : [],
  );
  return lasting.length > 0 ? { lastingCredentials: Object.fromEntries(lasting) } : {};
}
