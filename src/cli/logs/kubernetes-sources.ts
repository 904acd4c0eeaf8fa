import { createInterface } from "node:readline";
import type { Kubectl } from "../kubernetes/kubectl.ts";
import { startKubectl } from "../kubernetes/process.ts";
import type { PodPart } from "../running/kubernetes-parts.ts";
import type { LogSource, LogWindow } from "./follow.ts";

const query = (pod: string, { since, tail }: LogWindow) => [
  "logs",
  pod,
  "--timestamps",
  ...(since === undefined ? [] : ["--since-time", since]),
  ...(tail === undefined ? [] : ["--tail", String(tail)]),
];

/** The main containers of pods as sources, each by the name of its pod. A proxy beside it is not one of the component's. */
export const kubernetesSources = (kubectl: Kubectl, parts: readonly PodPart[]): LogSource[] =>
  parts.map(({ id, pod, live }) => ({
    id,
    part: pod,
    live,
    async read(window) {
      const text = await kubectl.try(query(pod, window));
      if (text === undefined) console.error(`${pod} has no log that can be read`);
      return lines(text ?? "");
    },
    async follow(window, onLine) {
      const { stdout } = startKubectl(kubectl, [...query(pod, window), "--follow"], ["ignore", "pipe", "ignore"]);
      if (stdout) for await (const line of createInterface({ input: stdout })) onLine(line);
    },
  }));

const lines = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
