import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type EnvironmentProject, readYaml } from "../project.ts";

/** The backend that this shell, the project or a login names; undefined when nobody did. */
export function hostedBackend({ root }: Pick<EnvironmentProject, "root">, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.PULUMI_BACKEND_URL) return environment.PULUMI_BACKEND_URL;
  const { backend } = readYaml(join(root, "Pulumi.yaml")) as { backend?: { url?: string } };
  if (backend?.url) return backend.url;
  if (environment.PULUMI_ACCESS_TOKEN) return "https://api.pulumi.com";
  const credentials = join(environment.PULUMI_HOME ?? join(homedir(), ".pulumi"), "credentials.json");
  return existsSync(credentials) ? (JSON.parse(readFileSync(credentials, "utf8")) as { current?: string }).current || undefined : undefined;
}

/**
 * An environment that others share must not have its state, and the key to its secrets, on one machine by accident.
 * Says what is missing and how to give it; undefined when backend and secrets provider are both named.
 */
export function missingBackend(
  project: Pick<EnvironmentProject, "root" | "env" | "stack" | "settings">,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const backend = hostedBackend(project, environment);
  const missing = [
    ...(backend
      ? []
      : ["where its state is kept\n    export PULUMI_BACKEND_URL=s3://<bucket>   (or azblob://, gs://, file://<folder>), or pulumi login"]),
    ...(hasSecretsProvider(project, environment, backend)
      ? []
      : [
          `what encrypts its secrets\n    export PULUMI_CONFIG_PASSPHRASE_FILE=<file>   (or PULUMI_CONFIG_PASSPHRASE), or write secretsprovider: awskms://... into Pulumi.${project.env}.yaml`,
        ]),
  ];
  if (missing.length === 0) return undefined;
  const { target } = project.settings;
  return `${project.stack} is on ${target}: others use it too, so nothing is assumed for it. Not said yet:\n${missing.map((text) => `  ${text}`).join("\n")}`;
}

function hasSecretsProvider(
  { root, env }: Pick<EnvironmentProject, "root" | "env">,
  environment: NodeJS.ProcessEnv,
  backend: string | undefined,
): boolean {
  const { secretsprovider } = readYaml(join(root, `Pulumi.${env}.yaml`));
  if (typeof secretsprovider === "string" && secretsprovider !== "passphrase") return true;
  if (environment.PULUMI_CONFIG_PASSPHRASE || environment.PULUMI_CONFIG_PASSPHRASE_FILE) return true;
  // The service keeps a key for each stack.
  return secretsprovider === undefined && (backend?.startsWith("https://") ?? false);
}
