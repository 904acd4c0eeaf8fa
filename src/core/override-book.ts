import type { ComponentResourceOptions, ResourceTransformationArgs } from "@pulumi/pulumi";
import { type Check, type Finding, isRecord } from "./checks.ts";
import { isPlain, laidOver } from "./override-merge.ts";
import { touched } from "./override-refusals.ts";
import type { Overrides } from "./overrides.ts";
import type { Settled, Target } from "./platform.ts";
import { nearest, type Problem } from "./problems.ts";

const targets: readonly Target[] = ["docker", "kubernetes", "aws"];
const childKey = /^[A-Za-z][\w.]*(\/[\w.-]+)?$/;

/** The form of overrides for all targets, and inputs that are nobody's to set. Children are known when they are made. */
export const overridesCheck: Check = (value, at) => {
  const finding = (path: string, given: unknown, rule: string, fix: string): Finding[] => [{ path, value: given, rule, fix }];
  if (!isRecord(value)) return finding(at, value, "a map of targets to children", "e.g. { docker: { Container: { shmSize: 128 } } }");
  return Object.entries(value).flatMap(([target, children]) => {
    const path = `${at}.${target}`;
    if (!targets.includes(target as Target)) return finding(path, target, `a target: ${targets.join(", ")}`, "name the target before the child");
    if (!isRecord(children)) return finding(path, children, "a map of children to their inputs", "e.g. { Container: { shmSize: 128 } }");
    return Object.entries(children).flatMap(([child, over]) => {
      const here = `${path}.${child}`;
      if (!childKey.test(child)) return finding(here, child, "a kind of resource, with / and the rest of its name", "e.g. Container/databases");
      if (!isPlain(over)) return finding(here, over, "a map of inputs", "e.g. { shmSize: 128 }");
      const [kind = ""] = child.split("/");
      return touched(target as Target, kind, over).flatMap(({ path: input, why, fix }) =>
        finding(`${here}.${input}`, "overridden", `an input that may be overridden: ${why}`, fix),
      );
    });
  });
};

type Inputs = Record<string, unknown>;

/** What is laid over the children of components on one target, and which children there are. */
export class OverrideBook {
  readonly #target: Target;
  readonly #problems: (() => Problem[])[] = [];

  constructor(target: Target) {
    this.#target = target;
  }

  /**
   * Options of a component with which its children get what was given for them. The SDK asks about a child while it is made, so
   * this is a matter of this process alone, and of no component for which nothing was given.
   */
  options(name: string, { args, problems }: Settled<{ readonly overrides?: Overrides }>, opts?: ComponentResourceOptions) {
    const given = Object.entries((problems.length > 0 ? undefined : args.overrides?.[this.#target]) ?? {}) as [string, Inputs][];
    if (given.length === 0) return opts;
    const seen = new Map<string, string | undefined>();
    const found: Problem[] = [];
    this.#problems.push(() => [...found, ...this.#strangers(name, given, seen)]);
    const transformation = ({ type, name: child, props, opts: own }: ResourceTransformationArgs) => {
      const key = childOf(this.#target, type, name, child);
      if (key === undefined) return undefined;
      seen.set(key, child);
      const over = given.find(([wanted]) => wanted === key)?.[1];
      if (!over) return undefined;
      found.push(...this.#unknownInputs(name, key, over, props as Inputs));
      return { props: laidOver(props, over) as Inputs, opts: own };
    };
    return { ...opts, transformations: [...(opts?.transformations ?? []), transformation] };
  }

  /** Children that are not there; inputs that their resources do not have. Known when the topology is told. */
  problems(): Problem[] {
    return this.#problems.flatMap((problemsOf) => problemsOf());
  }

  #strangers(component: string, given: readonly [string, Inputs][], seen: ReadonlyMap<string, unknown>): Problem[] {
    // What has problems of its own has no children, and is told about those.
    if (seen.size === 0) return [];
    const known = [...seen.keys()].toSorted();
    return given
      .filter(([key]) => !seen.has(key))
      .map(([key]) => {
        const guess = nearest(key, known);
        const fix = guess ? `did you mean ${guess}?` : "remove it, or choose one of these";
        return { component, path: `overrides.${this.#target}.${key}`, value: key, rule: `a child of this component: ${known.join(", ")}`, fix };
      });
  }

  /** A resource says all inputs that it knows, given or not. */
  #unknownInputs(component: string, child: string, over: Inputs, props: Inputs): Problem[] {
    const known = Object.keys(props);
    return Object.keys(over)
      .filter((input) => !known.includes(input))
      .map((input) => {
        const guess = nearest(input, known);
        const path = `overrides.${this.#target}.${child}.${input}`;
        return {
          component,
          path,
          value: over[input],
          rule: `an input of ${child}`,
          fix: guess ? `did you mean ${guess}?` : "look into the reference of the provider",
        };
      });
  }
}

/**
 * `docker:index/container:Container` named `db-databases` is `Container/databases` of `db`; replicas of one workload are one
 * child. On AWS the service stands before the kind, as several have the same. Undefined for what no target makes, as passwords.
 */
export function childOf(target: Target, type: string, component: string, name: string): string | undefined {
  const [provider, module = "", kind = ""] = type.split(":");
  if (provider !== target) return undefined;
  const word = target === "aws" ? `${module.split("/")[0]}.${kind}` : kind;
  const rest = (name === component ? "" : name.startsWith(`${component}-`) ? name.slice(component.length + 1) : name).replace(/^\d+(-|$)/, "");
  return rest === "" ? word : `${word}/${rest}`;
}
