import { Transform, type TransformCallback } from "node:stream";
import { finished } from "node:stream/promises";
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
  /** What the daemon said when it could not start the command; it was not shown. */
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
  const resize = () => void exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => {});
  if (terminal) {
    stdin.setRawMode(true);
    stdout.on("resize", resize);
    resize();
  }
  const output = new FirstWord();
  output.pipe(stdout, { end: false });
  if (terminal) stream.on("data", (piece) => output.write(piece));
  else docker.modem.demuxStream(stream, output, stderr);
  stdin.pipe(stream);
  await new Promise<void>((resolve) => {
    stream.on("end", resolve);
    stream.on("close", resolve);
    stream.on("error", () => resolve());
  });
  output.end();
  await finished(output);
  stdin.unpipe(stream);
  stdin.pause();
  if (terminal) {
    stdin.setRawMode(false);
    stdout.off("resize", resize);
  }
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? 1, refusal: output.refusal };
}

/** Lets through what a command prints, and keeps what the daemon prints in its place when there is nothing to start. */
class FirstWord extends Transform {
  refusal: string | undefined;
  #first = true;

  override _transform(piece: Buffer, _: BufferEncoding, done: TransformCallback): void {
    const refused = this.#first && piece.subarray(0, 40).toString("latin1").startsWith("OCI runtime exec failed");
    this.#first = false;
    if (refused) this.refusal = piece.toString("utf8");
    done(null, refused ? undefined : piece);
  }
}
