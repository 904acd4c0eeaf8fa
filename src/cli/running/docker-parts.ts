import { stackContainers } from "../../platforms/docker/daemon.ts";
import type { Daemon } from "../daemon.ts";
import type { RunningPart } from "./parts.ts";

export interface DockerPart extends RunningPart {
  readonly id: string;
}

/** Servers and jobs of a stack on this daemon. */
export async function dockerParts({ docker }: Daemon, prefix: string): Promise<DockerPart[]> {
  return (await stackContainers(docker, prefix))
    .filter(({ role }) => role === "server" || role === "job")
    .map(({ id, name, component, role, state }) => ({
      id,
      component,
      role,
      part: name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : name,
      live: state === "running" || state === "restarting",
    }))
    .toSorted((a, b) => a.part.localeCompare(b.part, "en", { numeric: true }));
}
