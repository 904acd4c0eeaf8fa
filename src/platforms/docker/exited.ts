import type { Container } from "@pulumi/docker/container.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";

/**
 * Ready only when the container ended with 0; otherwise an error with its log, which stops all that waits for it. Nobody
 * needs a list of it: who waits for an Output depends on what it was made from.
 */
export function exited(container: Container, system: string, what: string): Ready {
  return pulumi.all([container.exitCode, container.containerLogs]).apply(([code, logs]) => {
    if (code === 0) return [];
    const message = `${system}: ${what} ended with exit code ${code}\n${lastLines(logs ?? "")}`;
    // The engine prints the stack of what breaks a wait; the log of the job tells more.
    throw Object.assign(new pulumi.RunError(message), { stack: message });
  });
}

const lastLines = (logs: string) =>
  logs
    .trimEnd()
    .split("\n")
    .slice(-20)
    .map((line) => `    ${line}`)
    .join("\n");
