import { expect } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { mirror } from "./docker-tier.ts";
import { daemon, inspect, until } from "./stack.ts";
import type { TempProject } from "./temp-project.ts";

/**
 * Ends the process as a crash would; `docker kill` counts as a stop by hand, after which nothing restarts. From a
 * container that sees the processes of the daemon's machine: this needs no root here, and works for a daemon elsewhere.
 */
async function killProcess(pid: number): Promise<void> {
  const killer = await daemon.createContainer({
    Image: imageReference({ table: "toolbox" }, mirror ? { mirror } : {}),
    Entrypoint: ["kill", "-9", String(pid)],
    User: "0:0",
    HostConfig: { PidMode: "host", CapDrop: ["ALL"], CapAdd: ["KILL"], NetworkMode: "none" },
  });
  try {
    await killer.start();
    expect(await killer.wait()).toMatchObject({ StatusCode: 0 });
  } finally {
    await killer.remove({ force: true, v: true });
  }
}

/** Crashes a part and waits until it is healthy again by itself. */
export async function crash(project: TempProject, part: string): Promise<void> {
  const { State, RestartCount } = await inspect(project, part);
  await killProcess(State.Pid);
  await until(`${part} is back by itself`, 60, async () => {
    const now = await inspect(project, part);
    // Where the image has no program to ask with, a prober beside it does.
    const asked = now.State.Health ? now : await inspect(project, `${part}-prober`);
    return now.State.Running && asked.State.Health?.Status === "healthy" && now.RestartCount > RestartCount;
  });
}
