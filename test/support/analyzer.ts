import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client, credentials } from "@grpc/grpc-js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzerProto from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { Level, Resource } from "../../policies/model.ts";
import type { Plan, PlanResource } from "../../src/preview/plan.ts";
import { unknownValue } from "../policies/unknown.ts";
import { repository } from "./recorded.ts";

export const packFolder = join(repository, "policies");

/** What a policy says of a resource, as the engine is told. */
export interface Diagnostic {
  readonly policy: string;
  readonly level: string;
  readonly severity: string;
  readonly urn: string;
  /** Without the description that the SDK puts before it. */
  readonly message: string;
}

export interface Answer {
  readonly diagnostics: readonly Diagnostic[];
  /** Policies that did not apply to anything, with the last reason that they gave. */
  readonly notApplicable: Readonly<Record<string, string>>;
}

export interface PolicyInfo {
  readonly name: string;
  readonly level: string;
  readonly severity: string;
  readonly tags: readonly string[];
  readonly properties: Readonly<Record<string, { readonly minimum?: number; readonly maximum?: number; readonly default?: unknown }>>;
}

export interface RunningPack {
  /** From the start of the process to its port. */
  readonly startedMs: number;
  readonly info: () => Promise<{ readonly name: string; readonly version: string; readonly policies: readonly PolicyInfo[] }>;
  /** As `--policy-pack-config` reaches the pack: level and properties of policies by id. */
  readonly configure: (config: Readonly<Record<string, { readonly enforcementLevel: Level } & Record<string, unknown>>>) => Promise<void>;
  readonly analyze: (plan: Pick<Plan, "project" | "stack" | "resources">) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export interface PackOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const levels = ["advisory", "mandatory", "disabled", "remediate"];
const severities = ["unspecified", "low", "medium", "high", "critical"];

/**
 * Runs a policy pack as the engine does: the SDK's own host in the folder of the pack, and the Analyzer interface to it.
 * From no project, so that nothing is waived, unless the environment names the folder of one.
 */
export async function startPack({ folder = packFolder, environment = {} }: PackOptions = {}): Promise<RunningPack> {
  const host = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
  const from = performance.now();
  const child = spawn(process.execPath, [host, "127.0.0.1:1", folder], {
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, PWD: "/", GROUNDPLAN_PROFILE: undefined, PULUMI_CONFIG: undefined, ...environment },
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  let said = "";
  child.stderr.on("data", (data: Buffer) => {
    said += data.toString();
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("close", (code) => reject(new Error(`the pack ended with code ${code}\n${said}`)));
  });
  const startedMs = performance.now() - from;
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { "grpc.max_receive_message_length": -1 });
  type Definition = { path: string; requestSerialize: (value: never) => Buffer; responseDeserialize: (bytes: Buffer) => unknown };
  const call = <R>(method: string, request: unknown) =>
    new Promise<R>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = (analyzerGrpc.AnalyzerService as unknown as Record<string, Definition>)[
        method
      ] as Definition;
      client.makeUnaryRequest(path, requestSerialize as (value: unknown) => Buffer, responseDeserialize, request, (error, value) =>
        error ? reject(error) : resolve(value as R),
      );
    });

  return {
    startedMs,
    async info() {
      const info = await call<analyzerProto.AnalyzerInfo>("getAnalyzerInfo", new emptyProto.Empty());
      const policies = info.getPoliciesList().map((policy) => ({
        name: policy.getName(),
        level: levels[policy.getEnforcementlevel()] ?? "",
        severity: severities[policy.getSeverity()] ?? "",
        tags: policy.getTagsList(),
        properties: (policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}) as PolicyInfo["properties"],
      }));
      return { name: info.getName(), version: info.getVersion(), policies };
    },
    async configure(config) {
      const request = new analyzerProto.ConfigureAnalyzerRequest();
      for (const [name, { enforcementLevel, ...properties }] of Object.entries(config)) {
        const policy = new analyzerProto.PolicyConfig();
        policy.setEnforcementlevel(levels.indexOf(enforcementLevel) as analyzerProto.EnforcementLevel);
        policy.setProperties(struct(properties));
        request.getPolicyconfigMap().set(name, policy);
      }
      await call("configure", request);
    },
    async analyze({ project, stack, resources }) {
      const configuration = new analyzerProto.AnalyzerStackConfigureRequest();
      configuration.setProject(project);
      configuration.setStack(stack);
      configuration.setDryRun(true);
      await call("configureStack", configuration);
      const diagnostics: Diagnostic[] = [];
      const notApplicable: Record<string, string> = {};
      const keep = (response: analyzerProto.AnalyzeResponse, urn: string) => {
        for (const { name, reason } of response.getNotApplicableList().map((one) => ({ name: one.getPolicyName(), reason: one.getReason() }))) {
          notApplicable[name] = reason;
        }
        for (const one of response.getDiagnosticsList()) {
          diagnostics.push({
            policy: one.getPolicyname(),
            level: levels[one.getEnforcementlevel()] ?? "",
            severity: severities[one.getSeverity()] ?? "",
            urn: one.getUrn() || urn,
            message: one.getMessage().replace(`${one.getDescription()}\n`, ""),
          });
        }
      };
      for (const resource of resources) keep(await call("analyze", asRequest(resource)), resource.urn);
      const request = new analyzerProto.AnalyzeStackRequest();
      request.setResourcesList(resources.map(asStackResource));
      keep(await call("analyzeStack", request), "");
      return { diagnostics, notApplicable };
    },
    async stop() {
      client.close();
      child.kill();
      await ended;
    },
  };
}

const struct = (values: Readonly<Record<string, unknown>>) =>
  structProto.Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Record<string, structProto.JavaScriptValue>);

/** Inputs as they are in a preview: one that comes from another resource, and of which the recorder has no value, is not known. */
export function inPreview({ inputs, propertyDependencies }: Pick<Resource, "inputs" | "propertyDependencies">): Record<string, unknown> {
  const { __getSpecialProxyTarget: plain = inputs } = inputs;
  const open = Object.entries(propertyDependencies).flatMap(([input, urns]) => (urns.length > 0 ? [[input, unknownValue]] : []));
  return { ...Object.fromEntries(open), ...(plain as Record<string, unknown>) };
}

/** Of one resource the engine shows the inputs. */
function asRequest(resource: PlanResource): analyzerProto.AnalyzeRequest {
  const request = new analyzerProto.AnalyzeRequest();
  request.setUrn(resource.urn);
  request.setType(resource.type);
  request.setName(resource.name);
  request.setProperties(struct(inPreview(resource)));
  request.setOptions(optionsOf(resource));
  return request;
}

/** Of a stack it shows the outputs, and what each input comes from. */
function asStackResource(resource: PlanResource): analyzerProto.AnalyzerResource {
  const request = new analyzerProto.AnalyzerResource();
  request.setUrn(resource.urn);
  request.setType(resource.type);
  request.setName(resource.name);
  request.setProperties(struct(resource.outputs));
  request.setOptions(optionsOf(resource));
  request.setParent(resource.parent ?? "");
  request.setDependenciesList([...resource.dependencies]);
  for (const [input, urns] of Object.entries(resource.propertyDependencies)) {
    const sources = new analyzerProto.AnalyzerPropertyDependencies();
    sources.setUrnsList([...urns]);
    request.getPropertydependenciesMap().set(input, sources);
  }
  return request;
}

function optionsOf({ protect, ignoreChanges, parent }: PlanResource): analyzerProto.AnalyzerResourceOptions {
  const options = new analyzerProto.AnalyzerResourceOptions();
  options.setProtect(protect);
  options.setIgnorechangesList([...ignoreChanges]);
  options.setParent(parent ?? "");
  return options;
}

/** A resource of a case as a plan has it. The engine sends outputs of a stack: these say nothing of the inputs. */
export const asPlanned = (resource: Resource): Plan["resources"][number] => ({
  ...resource,
  id: "",
  custom: true,
  provider: undefined,
  outputs: { id: "not-looked-at" },
  secretInputs: resource.secretInputs ?? [],
  secretOutputs: [],
  dependencies: [],
  deleteBeforeReplace: false,
  replaceOnChanges: [],
  createTimeout: undefined,
  updateTimeout: undefined,
  deleteTimeout: undefined,
});
