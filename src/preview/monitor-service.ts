import { Metadata, type ServerUnaryCall, type ServiceError, type sendUnaryData, status } from "@grpc/grpc-js";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { answer, type CredentialValues } from "./fixtures.ts";
import type { PlanCredential, PlanResource } from "./plan.ts";
import { unmark } from "./values.ts";

const stackType = "pulumi:pulumi:Stack";

/** What the monitor heard while the program ran. */
export interface Recording {
  readonly resources: PlanResource[];
  readonly credentials: PlanCredential[];
  outputs: Readonly<Record<string, unknown>>;
  /** Whether the program went to its end, where it waits for the engine. */
  complete: boolean;
}

export const nothingYet = (): Recording => ({ resources: [], credentials: [], outputs: {}, complete: false });

type Handler<Q, R> = (request: Q) => R;

const unary =
  <Q, R>(handle: Handler<Q, R>) =>
  (call: ServerUnaryCall<Q, R>, callback: sendUnaryData<R>) => {
    try {
      callback(null, handle(call.request));
    } catch (error) {
      callback(failure(status.INVALID_ARGUMENT, error instanceof Error ? error.message : String(error)));
    }
  };

function failure(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

const empty = () => new emptyProto.Empty();

/** What the monitor answers, by method of its protocol. */
export function monitorService(recording: Recording, project: string, stack: string, values?: CredentialValues) {
  const supported = new Set(["secrets", "resourceReferences", "outputValues", "deletedWith", "aliasSpecs"]);
  const parents = new Map<string, string>();
  const urnOf = (type: string, name: string, parent: string) => {
    const parentType = parent ? (parent.split("::")[2] ?? "") : "";
    const qualified = parentType && parentType !== stackType ? `${parentType}$${type}` : type;
    return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
  };
  const registerResource = (request: resourceProto.RegisterResourceRequest) => {
    const type = request.getType();
    const name = request.getName();
    const urn = urnOf(type, name, request.getParent());
    const parent = request.getParent().split("::").at(-1) ?? "";
    const other = parents.get(urn);
    if (other !== undefined) throw new Error(`two resources have the same name: ${type} "${name}", one below ${other}, one below ${parent}`);
    parents.set(urn, parent);
    const { value, secrets } = unmark(request.getObject()?.toJavaScript() ?? {});
    const inputs = value as Record<string, unknown>;
    const fixture = request.getCustom() ? answer({ urn, type, name, inputs }, values) : { id: "", outputs: {} };
    const outputs = unmark(fixture.outputs);
    if (fixture.credential !== undefined) recording.credentials.push({ name, urn, value: fixture.credential });
    recording.resources.push({
      urn,
      id: fixture.id,
      type,
      name,
      parent: request.getParent() || undefined,
      custom: request.getCustom(),
      provider: request.getProvider() || undefined,
      inputs,
      outputs: outputs.value as Record<string, unknown>,
      secretInputs: secrets,
      secretOutputs: [...new Set([...secrets, ...outputs.secrets])],
      dependencies: request.getDependenciesList().toSorted(),
      propertyDependencies: Object.fromEntries(
        request
          .getPropertydependenciesMap()
          .getEntryList()
          .map(([key, list]: [string, unknown]) => [key, dependencyUrns(list)] as const)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
      protect: request.getProtect() ?? false,
      ...(request.getRetainondelete() ? { retainOnDelete: true as const } : {}),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      // The program's own lists, when the monitor is in its process.
      replaceOnChanges: [...request.getReplaceonchangesList()],
      ignoreChanges: [...request.getIgnorechangesList()],
      createTimeout: request.getCustomtimeouts()?.getCreate() || undefined,
      updateTimeout: request.getCustomtimeouts()?.getUpdate() || undefined,
      deleteTimeout: request.getCustomtimeouts()?.getDelete() || undefined,
    });
    const response = new resourceProto.RegisterResourceResponse();
    response.setUrn(urn);
    if (request.getCustom()) response.setId(fixture.id);
    response.setObject(structProto.Struct.fromJavaScript(fixture.outputs as Record<string, structProto.JavaScriptValue>));
    return response;
  };
  const registerResourceOutputs = (request: resourceProto.RegisterResourceOutputsRequest) => {
    const urn = request.getUrn();
    const { value, secrets } = unmark(request.getOutputs()?.toJavaScript() ?? {});
    const outputs = value as Record<string, unknown>;
    const index = recording.resources.findIndex((resource) => resource.urn === urn);
    const resource = recording.resources[index];
    if (resource) recording.resources[index] = { ...resource, outputs, secretOutputs: secrets };
    if (resource?.type === stackType) recording.outputs = outputs;
    return empty();
  };
  const refuse = (what: string) => (_: unknown, callback: sendUnaryData<never>) =>
    callback(failure(status.UNIMPLEMENTED, `a plan needs no ${what}: zones, accounts and image ids are configuration`));
  return {
    getDeploymentInfo: (_: unknown, callback: sendUnaryData<never>) => callback(failure(status.UNIMPLEMENTED, "features are asked one by one")),
    supportsFeature: unary((request: resourceProto.SupportsFeatureRequest) => {
      const response = new resourceProto.SupportsFeatureResponse();
      response.setHassupport(supported.has(request.getId()));
      return response;
    }),
    registerResource: unary(registerResource),
    registerResourceOutputs: unary(registerResourceOutputs),
    signalAndWaitForShutdown: unary(() => {
      recording.complete = true;
      return empty();
    }),
    invoke: refuse("invoke"),
    call: refuse("call"),
    readResource: refuse("reading of existing resources"),
    existsResource: refuse("reading of existing resources"),
    registerStackTransform: refuse("stack transform"),
    registerStackInvokeTransform: refuse("stack transform"),
    registerResourceHook: refuse("hook"),
    registerErrorHook: refuse("hook"),
    registerPackage: refuse("parameterised package"),
  };
}

const dependencyUrns = (list: unknown): string[] => {
  // The map hands out either messages or their array form, depending on how it was read.
  if (typeof list === "object" && list !== null && "getUrnsList" in list) return (list as { getUrnsList(): string[] }).getUrnsList().toSorted();
  return Array.isArray(list) ? (list.flat() as string[]).toSorted() : [];
};
