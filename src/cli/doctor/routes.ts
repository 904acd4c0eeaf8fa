import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { overlap } from "../../platforms/docker/subnets.ts";
import { resourcesOfType } from "../../preview/plan.ts";
import { type Check, notLookedAt, ok, type Verdict, warning } from "./check.ts";
import type { Examined } from "./examined.ts";

/** A network that this machine reaches through an interface: of a VPN, of the office, of a virtual machine. */
export interface Route {
  readonly subnet: string;
  readonly interface: string;
}

/** Containers could not reach what lies behind such a route, nor could this machine while the stack is up. */
export function judgeRoutes(subnets: readonly string[], routes: readonly Route[]): Verdict {
  const met = routes.filter((route) => subnets.some((subnet) => overlap(subnet, route.subnet)));
  if (met.length === 0) return ok(`${subnets.length} subnets, on no route of this machine`);
  return warning(
    `in the way of ${met.map((route) => `${route.subnet} on ${route.interface}`).join(", ")}`,
    "set subnetPool in the stack file to a range that nothing else here uses, e.g. 10.214.0.0/16, then down and up",
  );
}

/** Docker's own bridges are compared by their networks. */
const ofDocker = /^(docker|br-|veth|lo)/;

/** The kernel's table: addresses are written backwards, in hexadecimal. */
export function routesIn(table: string): Route[] {
  return table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([name = "", destination = "", , , , , , mask = ""]) => {
      const bits = bytesOf(mask).reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
      return bits === 0 || ofDocker.test(name) ? [] : [{ subnet: `${bytesOf(destination).join(".")}/${bits}`, interface: name }];
    });
}

const bytesOf = (hex: string): number[] => [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

function routesOfMachine(): Route[] {
  try {
    return routesIn(readFileSync("/proc/net/route", "utf8"));
  } catch {
    // Not Linux: the networks of the interfaces themselves are most of it.
    return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
      ofDocker.test(name) ? [] : addresses.flatMap(({ family, cidr }) => (family === "IPv4" && cidr ? [{ subnet: cidr, interface: name }] : [])),
    );
  }
}

export const routeCheck: Check<Examined> = {
  id: "routes",
  title: "Routes of this machine",
  look: ({ plan, project }) => {
    if (!plan || project?.settings.target !== "docker") return notLookedAt("no networks are planned here");
    const subnets = resourcesOfType(plan, "docker:index/network:Network").flatMap(
      ({ inputs }) => (inputs.ipamConfigs as { subnet?: string }[] | undefined)?.flatMap(({ subnet }) => subnet ?? []) ?? [],
    );
    return judgeRoutes(subnets, routesOfMachine());
  },
};
