import type { CustomResourceOptions, ProviderResource, Resource } from "@pulumi/pulumi";
import { labelsFor, type Role } from "../../core/labels.ts";
import { physicalName, stackPrefix } from "../../core/naming.ts";
import { quietly } from "../../core/quietly.ts";
import type { StackSettings } from "../../core/settings.ts";
import { type Allocations, allocatePort, allocateSubnet, portBlock } from "./allocations.ts";
import { Logs } from "./logs.ts";

/** What a plan wants from the daemon that may be taken already. */
export interface PlanWants {
  readonly containers: readonly string[];
  readonly ports: readonly { readonly key: string; readonly component: string; readonly port: number; readonly host: string }[];
  readonly volumes: readonly { readonly name: string; readonly component: string; readonly format: string }[];
  readonly networks: readonly { readonly name: string; readonly subnet: string }[];
}

/** What every part of the Docker platform needs: settings, names, labels, the provider, and numbers that stay. */
export class DockerContext {
  readonly settings: StackSettings;
  readonly root: string;
  readonly prefix: string;
  readonly platform: Resource;
  readonly provider: ProviderResource;
  #ports: Record<string, number>;
  #subnets: Record<string, string>;
  readonly logs = new Logs();
  readonly #made = new Map<string, Resource>();
  readonly #published: PlanWants["ports"][number][] = [];
  readonly #networks = new Set<string>();
  readonly #volumes: PlanWants["volumes"][number][] = [];

  constructor(settings: StackSettings, root: string, platform: Resource, provider: ProviderResource, remembered: Allocations) {
    this.settings = settings;
    this.root = root;
    this.prefix = stackPrefix(settings);
    this.platform = platform;
    this.provider = provider;
    this.#ports = { ...remembered.ports };
    this.#subnets = { ...remembered.subnets };
  }

  get allocations(): Allocations {
    // What no part asked for any more is given up; what is configured needs no memory.
    const published = this.#published.map(({ key }) => key).filter((key) => this.settings.ports[key] === undefined);
    return { ports: pick(this.#ports, published), subnets: pick(this.#subnets, [...this.#networks]) };
  }

  get wanted(): PlanWants {
    const networks = Object.entries(this.allocations.subnets).map(([name, subnet]) => ({ name, subnet }));
    return { containers: [], ports: this.#published, volumes: this.#volumes, networks };
  }

  /** Notes a volume with data: one of the same name that somebody else made must not be adopted. */
  keepsData(volume: PlanWants["volumes"][number]): void {
    this.#volumes.push(volume);
  }

  physical(name: string): string {
    return physicalName(this.settings, name);
  }

  labels(component: string, role: Role, extra: Record<string, string> = {}): { label: string; value: string }[] {
    return Object.entries({ ...labelsFor(this.settings, component, role), "io.groundplan.engine": "pulumi", ...extra })
      .map(([label, value]) => ({ label, value }))
      .toSorted((a, b) => a.label.localeCompare(b.label));
  }

  hostPort(key: string, usual: number): number {
    const before = this.#published.find((published) => published.key === key);
    if (before) return before.port;
    const port = allocatePort({ key, usual }, this.#ports, this.settings.ports, portBlock(this.prefix, this.settings.isolation));
    this.#ports = { ...this.#ports, [key]: port };
    this.#published.push({ key, component: key.split(".")[0] ?? key, port, host: "127.0.0.1" });
    return port;
  }

  subnet(network: string): string {
    const subnet = allocateSubnet(network, this.#subnets, this.settings.subnetPool, this.prefix);
    this.#subnets = { ...this.#subnets, [network]: subnet };
    this.#networks.add(network);
    return subnet;
  }

  /** Options of a child: parent and the explicit provider, always. */
  place(parent: Resource, extra: CustomResourceOptions = {}): CustomResourceOptions {
    return { parent, provider: this.provider, ...extra };
  }

  /** Makes a resource that several components share exactly once. */
  once<R extends Resource>(name: string, make: () => R): R {
    const made = (this.#made.get(name) as R | undefined) ?? quietly(make);
    this.#made.set(name, made);
    return made;
  }
}

const pick = <V>(record: Readonly<Record<string, V>>, keys: readonly string[]): Record<string, V> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key)));
