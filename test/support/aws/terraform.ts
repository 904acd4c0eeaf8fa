import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../../src/preview/plan.ts";

/**
 * Terraform's own provider for AWS as a judge of a plan: it knows which names, values and combinations the service
 * refuses, and asks nobody. It is older than the SDK here, so what is newer is left out, one by one, below.
 */
const version = "5.100.0";

interface Block {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}
type Schemas = Readonly<Record<string, { readonly block: Block }>>;

/** Types that are called otherwise there. */
const renamed: Readonly<Record<string, string>> = {
  "amp/alertManagerDefinition": "aws_prometheus_alert_manager_definition",
  "amp/ruleGroupNamespace": "aws_prometheus_rule_group_namespace",
  "amp/workspace": "aws_prometheus_workspace",
  "lb/loadBalancer": "aws_lb",
  "rds/instance": "aws_db_instance",
  "rds/instanceAutomatedBackupsReplication": "aws_db_instance_automated_backups_replication",
  "rds/parameterGroup": "aws_db_parameter_group",
  "rds/proxy": "aws_db_proxy",
  "rds/proxyDefaultTargetGroup": "aws_db_proxy_default_target_group",
  "rds/proxyTarget": "aws_db_proxy_target",
  "rds/subnetGroup": "aws_db_subnet_group",
  "s3/bucketObjectv2": "aws_s3_object",
  "servicediscovery/httpNamespace": "aws_service_discovery_http_namespace",
  "servicediscovery/instance": "aws_service_discovery_instance",
  "servicediscovery/privateDnsNamespace": "aws_service_discovery_private_dns_namespace",
  "servicediscovery/service": "aws_service_discovery_service",
  "sqs/redriveAllowPolicy": "aws_sqs_queue_redrive_allow_policy",
  "sqs/redrivePolicy": "aws_sqs_queue_redrive_policy",
};
const renamedArguments: Readonly<Record<string, string>> = {
  "aws_cloudwatch_metric_alarm.name": "alarm_name",
  "aws_sns_topic_subscription.topic": "topic_arn",
};
/** What this version of the provider does not know yet. */
const newer: Readonly<Record<string, true | ((value: unknown) => unknown)>> = {
  region: true,
  "aws_ecs_service.accessLogConfiguration": true,
  "aws_grafana_workspace.kmsKeyId": true,
  "aws_instance.forceDestroy": true,
  "aws_s3_bucket_server_side_encryption_configuration.blockedEncryptionTypes": true,
  // 1 MiB since August 2025.
  "aws_sqs_queue.maxMessageSize": (value) => Math.min(Number(value), 262_144),
};
/** Code of a function is a file there; a NAT gateway of a whole VPC is newer. */
const leftOut = /^aws:(lambda\/function|ec2\/natGateway):/;

/** `xFrameOptions` and `responseXFrameOptions`, too: a capital begins a word also behind a word of one letter. */
const snake = (name: string) => name.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, (capital) => `_${capital}`).toLowerCase();

/** What somebody reads of an objection: its first lines, each no longer than a terminal's few. */
const [mostLines, mostLetters] = [12, 300];
const shortened = (objection: string): string =>
  objection
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, mostLines)
    .map((line) => line.slice(0, mostLetters))
    .join("\n");

/** A folder in which Terraform knows the provider; undefined, with the reason, where it cannot be had. */
export class Terraform {
  readonly #folder: string;
  readonly #schemas: Schemas;

  private constructor(folder: string, schemas: Schemas) {
    this.#folder = folder;
    this.#schemas = schemas;
  }

  static open(): Terraform | string {
    const folder = mkdtempSync(join(tmpdir(), "groundplan-terraform-"));
    const main = {
      terraform: { required_providers: { aws: { source: "hashicorp/aws", version } } },
      provider: {
        aws: {
          region: "eu-central-1",
          access_key: "none",
          secret_key: "none",
          skip_credentials_validation: true,
          skip_metadata_api_check: true,
          skip_requesting_account_id: true,
          skip_region_validation: true,
        },
      },
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(main));
    const init = spawnSync("terraform", ["init", "-input=false", "-no-color"], { cwd: folder, encoding: "utf8", timeout: 60_000 });
    if (init.status !== 0) {
      rmSync(folder, { recursive: true });
      return init.error ? "terraform is not on PATH" : `terraform finds no provider hashicorp/aws ${version}, neither in a registry nor in a mirror`;
    }
    const schema = execFileSync("terraform", ["providers", "schema", "-json"], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
    const providers = (JSON.parse(schema) as { provider_schemas: Record<string, { resource_schemas: Schemas }> }).provider_schemas;
    return new Terraform(folder, Object.values(providers)[0]?.resource_schemas ?? {});
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What Terraform says to a plan, arguments that it does not know included; nothing when all is well. */
  objections(plan: Plan): string[] {
    const unknown: string[] = [];
    const resource: Record<string, Record<string, unknown>> = {};
    for (const { type, name, inputs } of plan.resources) {
      if (!type.startsWith("aws:") || leftOut.test(type)) continue;
      const of = this.#typeOf(type);
      const schema = of && this.#schemas[of];
      if (!of || !schema) unknown.push(`type ${type}`);
      else resource[of] = { ...resource[of], [name.replace(/\W/g, "_")]: translated(of, schema.block, inputs, unknown) };
    }
    // What looks like a template of Terraform is text.
    // On lines of their own: Terraform quotes the line that it objects to.
    const text = JSON.stringify({ resource }, null, 1).replace(/[$%]\{/g, (sign) => `${sign[0]}${sign}`);
    writeFileSync(join(this.#folder, "plan.tf.json"), text);
    return [...new Set(unknown), ...this.#run("validate"), ...this.#run("plan", "-refresh=false", "-input=false", "-lock=false")];
  }

  #typeOf(type: string): string | undefined {
    const path = type.split(":")[1] ?? "";
    const [module = "", resource = ""] = path.split("/");
    const candidates = [renamed[path], `aws_${module}_${snake(resource)}`, `aws_${snake(resource)}`, `aws_cloudwatch_${snake(resource)}`];
    return candidates.find((candidate) => candidate !== undefined && candidate in this.#schemas);
  }

  #run(...args: string[]): string[] {
    const { status, stdout, stderr } = spawnSync("terraform", [...args, "-no-color"], {
      cwd: this.#folder,
      encoding: "utf8",
      env: { ...process.env, AWS_EC2_METADATA_DISABLED: "true" },
      timeout: 120_000,
      maxBuffer: 1 << 28,
    });
    return status === 0
      ? []
      : `${stdout}\n${stderr}`
          .split(/\n(?=Error: )/)
          .filter((part) => part.startsWith("Error: "))
          .map(shortened);
  }
}

/** Arguments in Terraform's names; lists of blocks are called by their singular there. */
function translated(type: string, block: Block, inputs: Readonly<Record<string, unknown>>, unknown: string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, value]) => {
      const left = newer[`${type}.${key}`] ?? newer[key];
      if (left === true) return [];
      const plural = snake(key);
      const names = [renamedArguments[`${type}.${key}`] ?? plural, plural.replace(/ies$/, "y"), plural.replace(/s$/, ""), plural.replace(/es$/, "")];
      const attribute = names.find((name) => name in (block.attributes ?? {}));
      if (attribute) return [[attribute, left ? left(value) : value]];
      const nested = names.find((name) => name in (block.block_types ?? {}));
      const inner = nested && block.block_types?.[nested]?.block;
      if (!nested || !inner) {
        unknown.push(`argument ${key} of ${type}`);
        return [];
      }
      return [[nested, [value].flat().map((each) => translated(type, inner, each as Record<string, unknown>, unknown))]];
    }),
  );
}
