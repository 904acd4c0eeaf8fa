import type Docker from "dockerode";
import { plainLog } from "./diagnose.ts";

export interface RunOnce {
  readonly image: string;
  readonly command: readonly string[];
  /** `container:<id>` joins the network of a running container. */
  readonly networkMode: string;
  readonly timeoutSeconds: number;
}

export interface RunResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a small container to its end and removes it. */
export async function runOnce(docker: Docker, run: RunOnce): Promise<RunResult> {
  await pullIfMissing(docker, run.image);
  const container = await docker.createContainer({
    Image: run.image,
    Entrypoint: [...run.command],
    User: "65534:65534",
    HostConfig: {
      NetworkMode: run.networkMode,
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Memory: 64 * 1024 * 1024,
      Init: true,
    },
  });
  try {
    await container.start();
    return await ending(container, run.timeoutSeconds);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** Starts a container that is there already and waits for its end: a check that the engine made but did not run. */
export async function startAndWait(docker: Docker, name: string, timeoutSeconds: number): Promise<RunResult> {
  const container = docker.getContainer(name);
  const since = Math.floor(Date.now() / 1000);
  await container.start();
  return ending(container, timeoutSeconds, since);
}

async function ending(container: Docker.Container, timeoutSeconds: number, since = 0): Promise<RunResult> {
  const timer = setTimeout(() => void container.kill().catch(() => {}), timeoutSeconds * 1000);
  const { StatusCode } = (await container.wait()) as { StatusCode: number };
  clearTimeout(timer);
  const raw = await container.logs({ stdout: true, stderr: true, follow: false, since });
  return { code: StatusCode, output: plainLog(raw as unknown as Buffer).trim() };
}

async function pullIfMissing(docker: Docker, image: string): Promise<void> {
  const present = await docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (present) return;
  const stream = await docker.pull(image);
  await new Promise<void>((resolve, reject) => docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())));
}
