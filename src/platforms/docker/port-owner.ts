import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { basename } from "node:path";

/** Who holds a port on this machine; undefined when it is free. */
export async function portOwner(host: string, port: number): Promise<string | undefined> {
  if (await isFree(host, port)) return undefined;
  return processHolding(port) ?? "another process";
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** On Linux: the socket that listens on the port, and the process that has it open. */
function processHolding(port: number): string | undefined {
  try {
    const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => listeningInodes(file, port)));
    if (inodes.size === 0) return undefined;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      if (openSockets(pid).some((inode) => inodes.has(inode))) return `process ${programOf(pid)} (pid ${pid})`;
    }
  } catch {
    // Not Linux, or not allowed to look: the port is taken all the same.
  }
  return undefined;
}

/** The program alone: its arguments may hold secrets. */
const programOf = (pid: string) => basename(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] ?? "");

const listening = "0A";

function listeningInodes(file: string, port: number): string[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening && Number.parseInt(fields[1]?.split(":")[1] ?? "", 16) === port)
    .map((fields) => fields[9] ?? "");
}

function openSockets(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
