import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { stackPrefix } from "../../core/naming.ts";
import type { AheadSpec } from "../../core/platform.ts";
import { quietly } from "../../core/quietly.ts";
import { allReady } from "../../core/realise.ts";
import type { KubernetesSettings, StackSettings } from "../../core/settings.ts";
import type { Place } from "./manifests/names.ts";
import type { MeshPod } from "./manifests/pod.ts";
import { type Mesh, meshOf } from "./mesh/mesh.ts";

/** Name of the namespace: the configured one, or the stack's; a second copy gets one of its own. */
export function namespaceOf(settings: StackSettings): string {
  const configured = settings.kubernetes?.namespace;
  if (configured === undefined) return stackPrefix(settings);
  return settings.isolation ? `${configured}-${settings.isolation}` : configured;
}

/** What every part of the Kubernetes platform needs: settings, names, the provider, and what stands before all else. */
export class KubernetesContext {
  readonly settings: StackSettings;
  readonly cluster: KubernetesSettings;
  readonly root: string;
  readonly place: Place;
  readonly platform: pulumi.Resource;
  /** The mesh of the stack. */
  readonly mesh: Mesh | undefined;
  /** What the mesh makes of every pod. */
  readonly meshPod: MeshPod | undefined;
  /** The collector of telemetry, once somebody asked for the way to it. */
  collector: AheadSpec | undefined;
  readonly #provider: pulumi.ProviderResource;
  /** Namespace, default-deny and default limits: nothing is made before them. */
  #ground: readonly pulumi.Resource[] = [];
  /** What the mesh must have before any pod: otherwise it starts without a proxy, or without rules. */
  #beforePods: readonly pulumi.Resource[] = [];
  readonly #made = new Map<string, pulumi.Resource>();

  constructor(settings: StackSettings, root: string, platform: pulumi.Resource, provider: pulumi.ProviderResource) {
    if (!settings.kubernetes) throw new Error("the settings name no cluster");
    this.settings = settings;
    this.cluster = settings.kubernetes;
    this.root = root;
    this.place = { id: settings, namespace: namespaceOf(settings) };
    this.platform = platform;
    this.mesh = meshOf(settings);
    this.meshPod = this.mesh && { proxy: this.mesh.install ? this.mesh.versions.istio : undefined };
    this.#provider = provider;
  }

  /** Makes what all others stand on, in this order. */
  found(...makers: readonly ((options: pulumi.CustomResourceOptions) => pulumi.Resource)[]): void {
    for (const make of makers) this.#ground = [...this.#ground, quietly(() => make(this.child(this.platform)))];
  }

  /** Nothing starts before these. They are not under everything else: what keeps data keeps them no longer than their stack. */
  holdPodsFor(resources: readonly pulumi.Resource[]): void {
    this.#beforePods = [...this.#beforePods, ...resources];
  }

  get beforePods(): Ready {
    return [...this.#beforePods];
  }

  /** Options of a child: parent and the explicit provider, always, and after the ground it stands on. */
  child(parent: pulumi.Resource, after: readonly Ready[] = [], options: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    const dependsOn = after.length > 0 ? allReady([[...this.#ground], ...after]) : [...this.#ground];
    return { parent, provider: this.#provider, dependsOn, ...options };
  }

  /** Makes a resource that several components share exactly once. */
  once<R extends pulumi.Resource>(name: string, make: () => R): R {
    const made = (this.#made.get(name) as R | undefined) ?? quietly(make);
    this.#made.set(name, made);
    return made;
  }
}
