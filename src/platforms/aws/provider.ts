import { Provider, type ProviderArgs } from "@pulumi/aws/provider.js";
import type { Input, Resource } from "@pulumi/pulumi";
import { stackPrefix } from "../../core/naming.ts";
import { quietly } from "../../core/quietly.ts";
import type { AwsSettings, StackSettings } from "../../core/settings.ts";

/** The one way to AWS: this region, this account, and no other whatever the environment of the shell says. */
export const awsProvider = (parent: Resource, name: string, settings: StackSettings, aws: AwsSettings, region: Input<string>): Provider =>
  quietly(() => new Provider(name, { ...providerArgs(settings, aws), region: region as Exclude<ProviderArgs["region"], undefined> }, { parent }));

function providerArgs(settings: StackSettings, { accountId, endpoints }: AwsSettings): ProviderArgs {
  return {
    allowedAccountIds: [accountId],
    defaultTags: { tags: { "groundplan:project": settings.project, "groundplan:engine": "pulumi", "groundplan:stack": stackPrefix(settings) } },
    ...(endpoints ? emulator(endpoints, accountId) : {}),
  };
}

/**
 * An emulator gets dummy keys, always: it also answers which account this is, so with real keys a service that has no
 * endpoint here would be called at AWS itself, in whatever account they open. It answers some calls never, and asking again
 * only takes time.
 */
const emulator = (endpoints: Readonly<Record<string, string>>, account: string): ProviderArgs => ({
  endpoints: [{ ...endpoints }],
  // Emulators with several accounts take the key for the account.
  accessKey: account,
  secretKey: "emulator",
  skipCredentialsValidation: true,
  skipMetadataApiCheck: true,
  skipRegionValidation: true,
  s3UsePathStyle: true,
  maxRetries: 2,
});
