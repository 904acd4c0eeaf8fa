import * as pulumi from "@pulumi/pulumi";
import { type Check, type Finding, isRecord, matching, shape } from "./checks.ts";

/**
 * A secret that somebody gives, and that is never text of a program or of a stack file: an Output or a Promise of the program,
 * or where it is kept. `config` is a key of the stack's configuration that `pulumi config set --secret` wrote, `env` a
 * variable of whoever deploys.
 */
export type GivenSecret = pulumi.Output<string> | Promise<string> | ByConfig | ByEnv;

interface ByConfig {
  /** Key of the stack's configuration that `pulumi config set --secret` wrote. */
  readonly config: string;
}

interface ByEnv {
  /** Variable of whoever deploys. */
  readonly env: string;
}

const byConfig = shape<{ config: string }>(
  { config: matching(/^([A-Za-z][\w.-]*:)?[A-Za-z][\w.-]*$/, "a key of the configuration", "e.g. db-password") },
  ["config"],
);
const byEnv = shape<{ env: string }>({ env: matching(/^[A-Za-z_]\w*$/, "the name of a variable", "e.g. DB_PASSWORD") }, ["env"]);

export const givenSecretCheck: Check = (value, at) => {
  if (isLater(value)) return [];
  if (isRecord(value) && "config" in value) return byConfig(value, at);
  if (isRecord(value) && "env" in value) return byEnv(value, at);
  const fix = "write { config: <key> } after pulumi config set --secret <key>, or { env: <VARIABLE> }; in a topology an Output is good as well";
  // Whatever stands here may be the secret itself.
  return [{ path: at, value: "[hidden]", rule: "where the secret is kept, not its text", fix }];
};

/** Whether a plan is only looked at: then nobody needs the value, and who reviews it need not have it. */
const looking = () => ["to-look-at", "to-compare"].includes(process.env.GROUNDPLAN_RECORDING ?? "");

/** Whether an engine carries the plan out, which runs the program itself and opens what is sealed. */
const handedOver = () => process.env.GROUNDPLAN_RECORDING === "to-hand-over";

/** Stands for a given secret in a plan that nobody carries out as it is, where its value is not at hand. */
export const unknownSecret = "given-when-it-is-carried-out";

/** What keeps a secret from being read, once its form is right. */
export function secretFindings(given: GivenSecret, at: string): Finding[] {
  if (isLater(given)) return [];
  if ("env" in given) {
    if (looking() || process.env[given.env]) return [];
    return [{ path: at, value: given.env, rule: "a variable that is set where the plan is carried out", fix: `export ${given.env}` }];
  }
  const key = fullKey(given.config);
  const written = pulumi.runtime.getConfig(key);
  const finding = (rule: string, fix: string) => [{ path: at, value: key, rule, fix }];
  const fix = `run pulumi config set --secret ${key}`;
  if (written === undefined) return finding("a key that the configuration of this environment has", fix);
  if (isSealed(written)) {
    if (looking() || handedOver()) return [];
    return finding(
      "a key that this engine can open: only the Pulumi CLI opens secrets of a stack file",
      "use { env: <VARIABLE> }, or install the CLI",
    );
  }
  return isMarked(key) ? [] : finding("a secret of the configuration; this key is plain text in the stack file", fix);
}

/** The value, always a secret. What nobody carries out as it is gets a stand-in where the value is not at hand. */
export function openSecret(given: GivenSecret): pulumi.Output<string> {
  if (isLater(given)) return pulumi.secret(given);
  const value = "env" in given ? process.env[given.env] : pulumi.runtime.getConfig(fullKey(given.config));
  return pulumi.secret(!value || isSealed(value) ? unknownSecret : value);
}

const fullKey = (key: string) => (key.includes(":") ? key : `${pulumi.getProject()}:${key}`);

/** As the stack file has it; the engine gives the text. */
const isSealed = (value: string) => /^\s*\{\s*"secure"\s*:/.test(value);

/** The SDK knows, and does not tell its types. */
const isMarked = (key: string) => (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);

const isLater = (value: unknown): value is pulumi.Output<string> | Promise<string> => pulumi.Output.isInstance(value) || value instanceof Promise;
