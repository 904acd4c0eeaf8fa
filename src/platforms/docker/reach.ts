import type Docker from "dockerode";
import { runOnce } from "./run-once.ts";

/** A running workload: one container, with the name by which others reach it. */
export interface Reachable {
  readonly container: string;
  readonly workload: string;
  readonly host: string;
}

/** Whether a connection by name from one workload to a port of another succeeded. */
export interface Reach {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly connected: boolean;
}

const listening = "0A";
/** Tries of one container that run at once: each is a few processes in little memory. */
const wave = 48;

/** Ports on which a container really listens, beyond its own loopback: from the kernel, not from what was declared. */
export async function listeningPorts(docker: Docker, image: string, container: string): Promise<number[]> {
  const { output } = await runOnce(docker, {
    image,
    command: ["cat", "/proc/net/tcp", "/proc/net/tcp6"],
    networkMode: `container:${container}`,
    timeoutSeconds: 30,
  });
  return parseListening(output);
}

export function parseListening(table: string): number[] {
  const ports = table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening)
    .map((fields) => (fields[1] ?? "").split(":") as [string, string])
    .filter(([address]) => !isLoopback(address))
    .map(([, port]) => Number.parseInt(port, 16));
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

/** The kernel prints addresses as little-endian words. */
const isLoopback = (address: string) =>
  address.length === 8 ? address.endsWith("7F") : address === "00000000000000000000000001000000" || /^0{16}FFFF0000.{6}7F$/i.test(address);

/** Tries every port of every other workload by name, from inside the network namespace of one. */
export async function reachFrom(
  docker: Docker,
  image: string,
  from: Reachable,
  targets: readonly { readonly to: Reachable; readonly port: number }[],
): Promise<Reach[]> {
  if (targets.length === 0) return [];
  // Many at once: a name that does not resolve may take as long as the resolver's patience.
  const tries = targets.map(
    ({ to, port }) =>
      `(timeout 4 nc -z -w 3 ${to.host} ${port} >/dev/null 2>&1 && echo ${to.container} ${port} open || echo ${to.container} ${port} closed) &`,
  );
  const { output } = await runOnce(docker, {
    image,
    command: [
      "sh",
      "-c",
      tries
        .map((line, index) => (index % wave === wave - 1 ? `${line}\nwait` : line))
        .concat("wait")
        .join("\n"),
    ],
    networkMode: `container:${from.container}`,
    timeoutSeconds: 60 + 5 * Math.ceil(tries.length / wave),
  });
  const seen = new Map(
    output
      .split("\n")
      .map((line) => line.split(" "))
      .map(([container, port, state]) => [`${container} ${port}`, state]),
  );
  return targets.map(({ to, port }) => {
    const state = seen.get(`${to.container} ${port}`);
    if (state === undefined) throw new Error(`the try from ${from.container} to ${to.host}:${port} gave no answer: ${output.slice(0, 200)}`);
    return { from: from.container, to: to.container, port, connected: state === "open" };
  });
}
