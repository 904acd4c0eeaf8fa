import type Docker from "dockerode";

export interface ExecRequest {
  readonly command: readonly string[];
  /** Variables of this command alone; they are in nobody's list of processes. */
  readonly env: Readonly<Record<string, string>>;
  /** Give it a terminal. */
  readonly terminal: boolean;
}

export interface ExecEnd {
  readonly code: number;
  /** What the daemon said when it could not start the command; it is not shown by then. */
  readonly refusal: string | undefined;
}

/** Runs a command in a running container, joined to the standard streams of this process. */
export async function execIn(docker: Docker, id: string, { command, env, terminal }: ExecRequest): Promise<ExecEnd> {
  const exec = await docker.getContainer(id).exec({
    Cmd: [...command],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: terminal,
  });
  let stream: Awaited<ReturnType<typeof exec.start>>;
  try {
    stream = await exec.start({ hijack: true, stdin: true, Tty: terminal });
  } catch (error) {
    return { code: 126, refusal: error instanceof Error ? error.message : String(error) };
  }
  const { stdin, stdout, stderr } = process;
  let head = "";
  const resize = () => void exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => {});
  if (terminal) {
    stdin.setRawMode(true);
    stdout.on("resize", resize);
    resize();
  }
  stream.on("data", (piece: Buffer) => {
    if (head.length < 2000) head += piece.toString("utf8");
  });
  if (terminal) stream.pipe(stdout, { end: false });
  else docker.modem.demuxStream(stream, stdout, stderr);
  stdin.pipe(stream);
  await new Promise<void>((resolve) => {
    stream.on("end", resolve);
    stream.on("close", resolve);
    stream.on("error", () => resolve());
  });
  stdin.unpipe(stream);
  stdin.pause();
  if (terminal) {
    stdin.setRawMode(false);
    stdout.off("resize", resize);
  }
  const { ExitCode } = await exec.inspect();
  const refused = /OCI runtime exec failed|executable file not found/.test(head);
  return { code: ExitCode ?? 1, refusal: refused && (ExitCode === 126 || ExitCode === 127) ? head : undefined };
}
