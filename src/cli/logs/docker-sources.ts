import { followLog, readLog } from "../../platforms/docker/container-logs.ts";
import type { Daemon } from "../daemon.ts";
import type { DockerPart } from "../running/docker-parts.ts";
import { secretValues, variablesOf } from "../secret-values.ts";
import type { LogSource } from "./follow.ts";

/** Containers as sources. What their variables hold and must not be shown is added to `secrets`. */
export async function dockerSources({ docker }: Daemon, parts: readonly DockerPart[], secrets: Set<string>, seen: Set<string>): Promise<LogSource[]> {
  await Promise.all(
    parts
      .filter(({ id }) => !seen.has(id))
      .map(async ({ id }) => {
        // A container that is removed in between prints nothing.
        const info = await docker
          .getContainer(id)
          .inspect()
          .catch(() => undefined);
        for (const value of secretValues(variablesOf(info?.Config.Env ?? []))) secrets.add(value);
        seen.add(id);
      }),
  );
  return parts.map(({ id, part, live }) => ({
    id,
    part,
    live,
    read: (window) => readLog(docker, id, window),
    follow: (window, onLine) => followLog(docker, id, window, onLine),
  }));
}
