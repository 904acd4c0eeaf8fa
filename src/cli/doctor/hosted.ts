import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clusterOf } from "../../platforms/kubernetes/kubeconfig.ts";
import { missingBackend } from "../engines/backend.ts";
import { type Check, notLookedAt, ok, problem, type Verdict, warning } from "./check.ts";
import type { Examined } from "./examined.ts";

/** Minors that kubectl and the API server may be apart: https://kubernetes.io/releases/version-skew-policy/ */
const skew = 1;

export function judgeCluster(client: string, server: string, where: string): Verdict {
  const minor = (version: string) => Number(/^v?\d+\.(\d+)/.exec(version)?.[1] ?? Number.NaN);
  const found = `${where} answers with ${server}, kubectl ${client}`;
  const fits = Math.abs(minor(client) - minor(server)) <= skew;
  return fits ? ok(found) : warning(found, `install a kubectl that is at most ${skew} minor version apart`);
}

/** Where credentials of AWS are found first, in the order of its SDKs; never what they are. */
export function awsCredentials(environment: NodeJS.ProcessEnv, profiles: readonly string[]): string | undefined {
  const { AWS_PROFILE: profile = "default" } = environment;
  if (environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY) return "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  if (environment.AWS_WEB_IDENTITY_TOKEN_FILE && environment.AWS_ROLE_ARN) return "AWS_WEB_IDENTITY_TOKEN_FILE";
  if (profiles.includes(profile)) return `profile ${profile} of ~/.aws`;
  if (environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || environment.AWS_CONTAINER_CREDENTIALS_FULL_URI) return "those of the container";
  return undefined;
}

export function judgeAws(source: string | undefined, account: string): Verdict {
  if (source) return ok(`${source}; whether they open account ${account} is not asked`);
  return problem("none in the environment or in ~/.aws", `aws sso login, or export AWS_PROFILE=<one that opens account ${account}>`);
}

/** Names of the profiles in the files of the AWS CLI. */
function profilesOf(environment: NodeJS.ProcessEnv): string[] {
  const folder = join(homedir(), ".aws");
  const files = [environment.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, "credentials"), environment.AWS_CONFIG_FILE ?? join(folder, "config")];
  return files
    .filter(existsSync)
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^\s*\[(?:profile\s+)?([^\]]+)\]/gm)].map(([, name = ""]) => name.trim()));
}

async function lookAtCluster({ project }: Examined): Promise<Verdict> {
  if (project?.settings.target !== "kubernetes") return notLookedAt("no environment of Kubernetes");
  const cluster = clusterOf(project.root, project.settings);
  if (!("server" in cluster))
    return problem(
      `no context ${cluster.context} in ${cluster.files.join(", ")}`,
      `name one of ${cluster.known.join(", ") || "your cluster's"} under kubernetes.context, or set KUBECONFIG`,
    );
  const { context, kubeconfig, server } = cluster;
  const { stdout, stderr, exitCode, code } = await execa("kubectl", ["--context", context, "version", "--request-timeout", "4s", "-o", "json"], {
    reject: false,
    env: { KUBECONFIG: kubeconfig },
  });
  if (code === "ENOENT") return problem("kubectl is not on PATH", "install it: https://kubernetes.io/docs/tasks/tools/");
  if (exitCode !== 0)
    return problem(`${context} does not answer at ${server}: ${String(stderr).trim().split("\n").at(-1)}`, "start the cluster, or join its network");
  const { clientVersion, serverVersion } = JSON.parse(stdout) as Record<"clientVersion" | "serverVersion", { gitVersion: string }>;
  return judgeCluster(clientVersion.gitVersion, serverVersion.gitVersion, `context ${context}`);
}

export const hostedChecks: readonly Check<Examined>[] = [
  { id: "cluster", title: "Cluster", look: lookAtCluster },
  {
    id: "aws",
    title: "AWS credentials",
    look: ({ project }) => {
      if (project?.settings.target !== "aws") return notLookedAt("no environment of AWS");
      return judgeAws(awsCredentials(process.env, profilesOf(process.env)), project.settings.aws?.accountId ?? "");
    },
  },
  {
    id: "backend",
    title: "State and secrets",
    look: ({ project }) => {
      if (!project || project.settings.target === "docker") return notLookedAt("kept below .groundplan");
      const missing = missingBackend(project, process.env);
      const [first = "", ...rest] = (missing ?? "").split("\n");
      return missing === undefined ? ok("both are named") : problem(first, rest.map((line) => line.trim()).join("; "));
    },
  },
];
