import { container } from "../docker.ts";
import type { Breach, Levels, Policy, Resource } from "../model.ts";
import { list, looksSecret, shown, text } from "../read.ts";
import { isMarked, isPlainValue, namesSecret, secretForm, textsOf } from "../secret-text.ts";

const levels: Levels = { dev: "advisory", staging: "mandatory", prod: "mandatory" };

/** Inputs with a policy of their own, which says more. */
const elsewhere: Readonly<Record<string, RegExp>> = {
  [container]: /^envs\[/,
  "aws:ecs/taskDefinition:TaskDefinition": /^containerDefinitions/,
  "aws:rds/cluster:Cluster": /^masterPassword/,
  "aws:rds/instance:Instance": /^password/,
  "aws:ssm/parameter:Parameter": /^value$/,
  "kubernetes:core/v1:ConfigMap": /^(data|binaryData)\./,
};
const containerEnv = /\.(containers|initContainers|ephemeralContainers)\[\d+\]\.env\[/;

const plaintext: Policy = {
  id: "no-plaintext-secrets",
  title: "No secret is written down in the program",
  severity: "critical",
  why: "What stands in the program is in the history of the code, in every plan and in the state for ever, readable by all who see one of them.",
  fix: "Use the credential of a connection, `secret()` of a component, or pulumi.Config.requireSecret; in a raw program let random.RandomPassword or a store of secrets make the value.",
  types: ["*"],
  scope: "resource",
  references: ["CKV_SECRET_2", "CKV_SECRET_6", "CKV_AWS_41", "CKV_AWS_45", "KSV-0109"],
  levels,
  needsSecretMarks: true,
  check: function* ({ type, inputs, secretInputs }) {
    if (secretInputs === undefined) return;
    for (const { path, name, value } of textsOf(inputs, "", "")) {
      if (elsewhere[type]?.test(path) || (type.startsWith("kubernetes:") && containerEnv.test(path)) || isMarked(secretInputs, path)) continue;
      const form = secretForm(value);
      if (form !== undefined) yield { path, is: `holds ${form}, and is not marked secret` };
      else if (namesSecret(name) && isPlainValue(value))
        yield { path, is: "holds a value that is written down plainly, and its name says that it is secret" };
    }
  },
};

const dockerEnv: Policy = {
  id: "docker-env-secrets",
  title: "No secret is written down in the environment of a container",
  severity: "high",
  why: "The environment of a container is shown by docker inspect to all who may call the daemon, and a value in the program is in every plan and in the state.",
  fix: "Bind the component (`bindings`) or pass a secret Output in `env`; on a raw container mount a file and pass NAME_FILE, or take the value from a secret Output.",
  types: [container],
  scope: "resource",
  references: ["CIS Docker 4.10", "CKV_SECRET_6"],
  levels,
  needsSecretMarks: true,
  check: function* ({ inputs, secretInputs }) {
    if (secretInputs === undefined) return;
    for (const [index, entry] of list(inputs.envs).entries()) {
      const path = `envs[${index}]`;
      const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(text(entry) ?? "") ?? [];
      if (name === "" || isMarked(secretInputs, path)) continue;
      const form = secretForm(value);
      if (form !== undefined) yield { path, is: `sets ${name} to ${form}, which is not marked secret` };
      else if (namesSecret(name) && isPlainValue(value)) yield { path, is: `sets ${name} to a value that is written down plainly` };
    }
  },
};

/** Keys of an account that a provider is given, by the package of the provider. */
const accountKeys: Readonly<Record<string, readonly string[]>> = {
  "pulumi:providers:aws": ["accessKey", "secretKey"],
  "pulumi:providers:aws-native": ["accessKey", "secretKey"],
};

const staticKeys: Policy = {
  id: "provider-static-keys",
  title: "Providers take keys from a profile or a role, not from the program",
  severity: "high",
  why: "A key of an account that is written down is valid until somebody takes it back, for all who read the program or the state.",
  fix: "Name `profile` or `assumeRole` in the settings of the stack; on a raw provider set profile or assumeRoles, or leave the keys to the environment.",
  types: Object.keys(accountKeys),
  scope: "resource",
  references: ["CKV_AWS_41"],
  levels,
  check: ({ type, inputs }): Breach[] =>
    (accountKeys[type] ?? []).flatMap((path) =>
      (text(inputs[path]) ?? "") === "" ? [] : [{ path, is: "is a key of the account, which the program hands over" }],
    ),
};

const parameter = "aws:ssm/parameter:Parameter";

const secureParameter: Policy = {
  id: "ssm-secure-string",
  title: "Parameters that hold a secret are of the type SecureString",
  severity: "high",
  why: "A parameter of the type String is stored unencrypted and readable by all who may read parameters.",
  fix: "Give a component the secret through its binding; on a raw parameter set type to SecureString, or use Secrets Manager.",
  types: [parameter],
  scope: "resource",
  references: ["CKV2_AWS_34"],
  levels,
  check: ({ inputs, name }: Resource) => {
    const told = [text(inputs.name) ?? "", name].some((words) => looksSecret(words) || namesSecret(words));
    const secure = text(inputs.type) === "SecureString";
    return told && !secure ? [{ path: "type", is: `${shown(inputs.type)}, and the name of the parameter says that it holds a secret` }] : [];
  },
};

export const secretPolicies: readonly Policy[] = [plaintext, dockerEnv, staticKeys, secureParameter];
