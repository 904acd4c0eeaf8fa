import { basename, relative } from "node:path";
import { stringify } from "yaml";
import { labelKeys, type Role } from "../../core/labels.ts";
import { buildsOf, containersOf, imageReferences, type PlanContainer } from "../containers.ts";
import { mapStrings, type Plan, resourcesOfType } from "../plan.ts";
import { service } from "./service.ts";
import { createVault, type Vault } from "./vault.ts";

/** A folder that starts with plain `docker compose up --wait` on any machine. */
export interface ComposeProject {
  readonly name: string;
  readonly files: readonly RenderedFile[];
  /** Build contexts to copy: from an absolute folder to one below the rendered folder, with what is built of it. */
  readonly contexts: readonly { readonly from: string; readonly to: string; readonly dockerfiles: readonly string[] }[];
  /** Names of all containers. */
  readonly containers: readonly string[];
  /** Services that `verify` runs. */
  readonly checks: readonly string[];
}

export interface RenderedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

type Services = Record<string, Record<string, unknown>>;

/** A plan for Docker as a Compose project. Pure: the same plan gives the same text; secrets stand in `.env` alone. */
export function renderCompose(plan: Plan): ComposeProject {
  const containers = containersOf(plan);
  const vault = createVault(plan.credentials);
  const name = projectName(containers);
  const images = imageReferences(plan);
  const builds = buildsOf(plan);
  const contexts = [...Map.groupBy(builds.values(), ({ context }) => context)].map(([from, built]) => ({
    from,
    to: `build/${basename(built[0]?.imageName.split(":")[0] ?? "")}`,
    dockerfiles: built.map(({ context, dockerfile }) => relative(context, dockerfile)),
  }));
  // Built once: two builds of one image give it two ids, and the next `up` would make anew whoever noted the other one.
  const builders = new Map(containers.toReversed().map((each) => [each.inputs.image, each]));
  for (const each of containers.toReversed()) if (!isCheck(each, containers)) builders.set(each.inputs.image, each);
  const buildFor = (container: PlanContainer) => {
    const { image } = container.inputs;
    const build = builds.get(image);
    if (!build) return {};
    if (builders.get(image) !== container) return { pull_policy: "never" };
    const context = contexts.find((c) => c.from === build.context)?.to ?? "";
    return {
      build: {
        context: `./${context}`,
        dockerfile: relative(build.context, build.dockerfile),
        ...(Object.keys(build.args).length > 0 ? { args: build.args } : {}),
        ...(build.target ? { target: build.target } : {}),
      },
    };
  };
  const services: Services = {};
  const configs: Record<string, { content: string }> = {};
  for (const container of containers) {
    // The container's own name: Compose makes a service's key an alias on every network of the service, and a key like
    // "db" would then resolve outside the server's network too.
    const key = container.inputs.name;
    const made = service(container, {
      networkKey: (network) => networkKeys(plan).get(network) ?? network,
      volumeKey: (volume) => volumeKeys(plan).get(volume) ?? volume,
    });
    for (const [index, upload] of (container.inputs.uploads ?? []).entries()) {
      configs[`${key}-${index}`] = {
        content: vault.protect(
          upload.content,
          `${container.resource.name}-${basename(upload.file)}`,
          isSecret(container, `uploads[${index}].content`),
        ),
      };
    }
    services[key] = {
      image: images.get(container.inputs.image) ?? container.inputs.image,
      ...buildFor(container),
      ...made,
      ...environment(container, vault),
      ...dependsOn(container, containers),
      ...(isCheck(container, containers) ? { profiles: ["verify"] } : {}),
    };
  }
  addGate(name, services, images);
  const escaped = mapStrings(withoutEnvironment(services), vault.plain) as Services;
  const document = {
    name,
    services: Object.fromEntries(Object.entries(escaped).map(([key, value]) => [key, { ...value, ...pick(services[key] ?? {}, "environment") }])),
    networks: networks(plan),
    volumes: volumes(plan),
    configs,
  };
  const files = [
    { path: "compose.yaml", content: `${header(name)}${stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })}`, mode: 0o644 },
    { path: ".env", content: vault.file(), mode: 0o600 },
  ];
  return { name, files, contexts, containers: Object.keys(services), checks: containers.filter((c) => c.role === "check").map((c) => c.inputs.name) };
}

const header = (name: string) => `# ${name}, rendered by groundplan. Start: docker compose up --wait
# Passwords are in .env beside this file. Stop: docker compose --profile verify down. Check: docker compose --profile verify run --rm ${name}-<component>-check
`;

const isSecret = ({ resource }: PlanContainer, path: string) => resource.secretInputs.includes(path);

function environment(container: PlanContainer, vault: Vault) {
  const envs = container.inputs.envs ?? [];
  if (envs.length === 0) return {};
  return {
    environment: Object.fromEntries(
      envs.map((entry, index) => {
        const name = entry.slice(0, entry.indexOf("="));
        return [name, vault.protect(entry.slice(name.length + 1), `${container.resource.name}-${name}`, isSecret(container, `envs[${index}]`))];
      }),
    ),
  };
}

/** Checks and their files run when `verify` asks, not at every start. */
function isCheck(container: PlanContainer, all: readonly PlanContainer[]): boolean {
  if (container.role === "check") return true;
  const users = all.filter((other) => other.resource.dependencies.includes(container.resource.urn));
  return container.role === "files" && users.length > 0 && users.every((user) => user.role === "check");
}

/** What must be so before this container starts: the same gates that the engine keeps, as Compose conditions. */
function dependsOn(container: PlanContainer, all: readonly PlanContainer[]) {
  const conditions = all
    .filter((other) => container.resource.dependencies.includes(other.resource.urn))
    // A check looks at what is there; it must not start what is down.
    .filter((other) => container.role !== "check" || other.role === "files")
    .map((other) => [other.inputs.name, { condition: conditionOf(other) }] as const);
  return conditions.length > 0 ? { depends_on: Object.fromEntries(conditions) } : {};
}

function conditionOf({ inputs, role }: PlanContainer): string {
  if (role === "files" || inputs.mustRun === false) return "service_completed_successfully";
  return inputs.healthcheck ? "service_healthy" : "service_started";
}

/**
 * A job that nothing waits for would end `up --wait` with an error, because its container does not keep running. A
 * service that waits for all of them makes their success part of being up.
 */
function addGate(name: string, services: Services, images: ReadonlyMap<string, string>) {
  const active = Object.values(services).filter((s) => !s.profiles);
  const awaited = new Set(active.flatMap((s) => Object.keys((s.depends_on as object | undefined) ?? {})));
  const loose = Object.entries(services).filter(([key, s]) => !s.profiles && s.restart === "no" && !awaited.has(key));
  const toolbox = [...images.values()].find((reference) => /(^|\/)alpine:/.test(reference));
  if (loose.length === 0) return;
  services[`${name}-jobs`] = {
    container_name: `${name}-jobs`,
    labels: { [labelKeys.stack]: name, [labelKeys.component]: "jobs", [labelKeys.role]: "gate" satisfies Role, [labelKeys.engine]: "compose" },
    image: toolbox ?? loose[0]?.[1].image,
    entrypoint: ["sleep", "2147483647"],
    network_mode: "none",
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges"],
    mem_limit: "32m",
    memswap_limit: "32m",
    restart: "unless-stopped",
    user: "65534:65534",
    stop_signal: "SIGKILL",
    depends_on: Object.fromEntries(loose.map(([key]) => [key, { condition: "service_completed_successfully" }])),
  };
}

const labelMap = (labels: unknown) =>
  Object.fromEntries(
    (labels as { label: string; value: string }[]).map(({ label, value }) => [label, label === labelKeys.engine ? "compose" : value]),
  );

const networkKeys = (plan: Plan) => new Map(resourcesOfType(plan, "docker:index/network:Network").map((r) => [String(r.inputs.name), r.name]));
const volumeKeys = (plan: Plan) => new Map(resourcesOfType(plan, "docker:index/volume:Volume").map((r) => [String(r.inputs.name), r.name]));

function networks(plan: Plan) {
  return Object.fromEntries(
    resourcesOfType(plan, "docker:index/network:Network").map(({ name, inputs }) => [
      name,
      {
        name: inputs.name,
        driver: inputs.driver,
        internal: inputs.internal,
        ...(inputs.options ? { driver_opts: inputs.options } : {}),
        ipam: { config: (inputs.ipamConfigs as { subnet: string }[]).map(({ subnet }) => ({ subnet })) },
        labels: labelMap(inputs.labels),
      },
    ]),
  );
}

function volumes(plan: Plan) {
  return Object.fromEntries(
    resourcesOfType(plan, "docker:index/volume:Volume").map(({ name, inputs }) => [name, { name: inputs.name, labels: labelMap(inputs.labels) }]),
  );
}

const projectName = (containers: readonly PlanContainer[]) =>
  containers[0]?.inputs.labels.find(({ label }) => label === labelKeys.stack)?.value ?? "groundplan";

const withoutEnvironment = (services: Services) =>
  Object.fromEntries(
    Object.entries(services).map(([key, value]) => {
      const { environment: _, ...rest } = value;
      return [key, rest];
    }),
  );

const pick = (record: Record<string, unknown>, key: string) => (record[key] === undefined ? {} : { [key]: record[key] });
