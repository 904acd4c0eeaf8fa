import { randomInt } from "node:crypto";
import { execa } from "execa";
import { imageReference } from "../../src/core/images.ts";
import { checksOf, namespaceOf, objectsOf, type PodMaker, podMakersOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import type { PodProbe } from "../../src/preview/pod.ts";
import { mirror } from "./docker-tier.ts";
import { withCertificates } from "./replay-certificates.ts";
import { type ReplayNetwork, replayNetwork } from "./replay-network.ts";
import { containerArgs, expand, imageOf, type OwnPod, onlyContainer, portNumber } from "./replay-pod.ts";
import { docker } from "./replay-volumes.ts";

/** How a step or a check ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Pods of a plan, played as containers of the local daemon as the kubelet would run them. Network policies are not played. */
export interface Replay {
  /** Network of the daemon in which the pods are. */
  readonly network: string;
  /** Starts everything in the order of the plan: servers until each probe succeeds, jobs until they end with 0. */
  up(): Promise<void>;
  /** Runs each check that `verify` would run. */
  checks(): Promise<Record<string, Ended>>;
  /** Names of the pods that run. */
  pods(): readonly string[];
  /** The pods of a workload; a daemon on this machine answers at their addresses. */
  podsOf(workload: string): readonly OwnPod[];
  /** Kills the process of a pod at once. */
  kill(pod: string): Promise<void>;
  /** Starts a killed pod again as the kubelet does, with the same address, name and disk, and waits for its probes. */
  restart(pod: string): Promise<void>;
  /** Pods whose process ended before it could serve, and that were started again, as the kubelet does: each once at most. */
  restarted(): readonly string[];
  /** Everything that a pod printed. */
  log(pod: string): Promise<string>;
  /** Runs a command in the container of a pod, as its probes do. */
  exec(pod: string, command: readonly string[]): Promise<Ended>;
  /** The same without waiting; `healthy` does. */
  revive(pod: string): Promise<void>;
  /** Waits until each probe of a pod succeeds. */
  healthy(pod: string): Promise<void>;
  /** Stops every pod as the kubelet does: the call before, the image's own stop signal, the pod's grace. Clients first. */
  stop(): Promise<Record<string, Ended>>;
  remove(): Promise<void>;
}

export function replay(recorded: Plan, toolbox: string): Replay {
  const plan = withCertificates(recorded);
  const id = `gpreplay-${randomInt(36 ** 6).toString(36)}`;
  const label = `io.groundplan.replay=${id}`;
  const namespace = namespaceOf(plan);
  const kubelet = `${id}-kubelet`;
  const running = new Map<string, PodMaker>();
  const physical = (pod: string) => `${id}-${pod}`;
  const addresses = new Map<string, string>();
  const ownOf = (pod: string): OwnPod => ({ name: pod, address: addresses.get(pod) ?? "" });
  const restarted = new Set<string>();
  let network: ReplayNetwork | undefined;
  const names = `${id}-names`;
  let nameServer = "";

  const start = async (maker: PodMaker, pod: string) => {
    addresses.set(pod, network?.next() ?? "");
    const own = ownOf(pod);
    const { container, args } = await containerArgs(plan, maker, own, { id, label, namespace, toolbox, nameServer });
    const image = await imageOf(plan, container.image, id);
    const entry = container.command ?? [];
    await docker([
      "create",
      "--name",
      physical(pod),
      ...args,
      ...(entry[0] === undefined ? [] : ["--entrypoint", expand(entry[0], container, plan, own)]),
      image,
      ...[...entry.slice(1), ...(container.args ?? [])].map((text) => expand(text, container, plan, own)),
    ]);
    await docker(["start", physical(pod)]);
  };

  const exec = async (pod: string, command: readonly string[], timeoutSeconds = 60): Promise<Ended> => {
    const { exitCode, all } = await execa("docker", ["exec", physical(pod), ...command], {
      reject: false,
      all: true,
      stdin: "ignore",
      timeout: timeoutSeconds * 1000,
    });
    return { code: exitCode ?? -1, output: String(all) };
  };

  /** Asks a probe from the node, as the kubelet does: by the address of the pod. */
  const ask = async (maker: PodMaker, pod: string, probe: PodProbe): Promise<Ended> => {
    const seconds = probe.timeoutSeconds ?? 1;
    // The kubelet reads variables in the command of a probe as it does in the container's own.
    if (probe.exec)
      return exec(
        pod,
        probe.exec.command.map((text) => expand(text, onlyContainer(maker), plan, ownOf(pod))),
        seconds,
      );
    const port = portNumber(maker, (probe.httpGet ?? probe.tcpSocket)?.port);
    const { address } = ownOf(pod);
    const command = probe.httpGet
      ? ["timeout", String(seconds), "wget", "-q", "-O", "-", `http://${address}:${port}${probe.httpGet.path ?? "/"}`]
      : ["nc", "-z", "-w", String(seconds), address, String(port)];
    const { exitCode, all } = await execa("docker", ["exec", kubelet, ...command], { reject: false, all: true, timeout: (seconds + 3) * 1000 });
    return { code: exitCode ?? -1, output: String(all) };
  };

  const ready = async (maker: PodMaker, pod: string) => {
    const { startupProbe, readinessProbe, livenessProbe } = onlyContainer(maker);
    for (const [name, probe] of Object.entries({ startupProbe, readinessProbe, livenessProbe })) {
      if (!probe) throw new Error(`${pod} has no ${name}`);
      const patience = (probe.failureThreshold ?? 3) * (probe.periodSeconds ?? 10);
      const deadline = Date.now() + patience * 1000;
      for (;;) {
        const { code, output } = await ask(maker, pod, probe);
        if (code === 0) break;
        const state = await docker([
          "inspect",
          "--format",
          "{{.State.Status}} with code {{.State.ExitCode}}, out of memory: {{.State.OOMKilled}}",
          physical(pod),
        ]);
        if (state.startsWith("exited") && !restarted.has(pod)) {
          restarted.add(pod);
          await docker(["start", physical(pod)]);
          continue;
        }
        if (Date.now() > deadline || !state.startsWith("running")) {
          throw new Error(`${pod}: ${name} does not succeed within ${patience} s: ${output}\n${state}\n${await logs(physical(pod))}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };

  const toEnd = async (maker: PodMaker, pod: string): Promise<Ended> => {
    await start(maker, pod);
    const code = Number(await docker(["wait", physical(pod)], 300_000));
    return { code, output: await logs(physical(pod)) };
  };

  return {
    network: id,
    pods: () => [...running.keys()],
    podsOf: (workload) => [...running].filter(([, maker]) => maker.name === workload).map(([pod]) => ownOf(pod)),
    restarted: () => [...restarted],
    log: (pod) => logs(physical(pod), "all"),
    async kill(pod) {
      await docker(["kill", physical(pod)]);
    },
    async revive(pod) {
      await docker(["start", physical(pod)]);
    },
    async restart(pod) {
      const maker = running.get(pod);
      if (!maker) throw new Error(`${pod} does not run`);
      await docker(["start", physical(pod)]);
      await ready(maker, pod);
    },
    exec,
    async healthy(pod) {
      const maker = running.get(pod);
      if (!maker) throw new Error(`no pod ${pod} was started`);
      await ready(maker, pod);
    },
    async up() {
      network = await replayNetwork(id, label);
      nameServer = network.next();
      const place = (address: string) => ["--network", id, "--ip", address];
      const server = ["--user", "0", "--entrypoint", "node", imageReference({ table: "node" }, mirror ? { mirror } : {}), "-e", knowsNoName];
      await docker(["run", "--detach", "--name", names, "--label", label, ...place(nameServer), ...server]);
      const node = [...place(network.next()), "--entrypoint", "sleep", toolbox, "3600"];
      await docker(["run", "--detach", "--name", kubelet, "--label", label, ...node]);
      // Names resolve in the order of the plan, so a server is there before its clients, as the engine waits for it.
      for (const object of objectsOf(plan)) {
        const maker = podMakersOf(plan).find(({ resource }) => resource === object.resource);
        // What runs on every node reads of the node, and there is none: tests of it play it by hand.
        if (!maker || maker.kind === "CronJob" || maker.kind === "DaemonSet") continue;
        if (maker.kind === "Job") {
          const { code, output } = await toEnd(maker, maker.name);
          if (code !== 0) throw new Error(`job ${maker.name} ended with code ${code}\n${output}`);
          continue;
        }
        const pods = Array.from({ length: maker.replicas }, (_, index) =>
          maker.kind === "StatefulSet" ? `${maker.name}-${index}` : `${maker.name}-x${index}`,
        );
        for (const pod of pods) running.set(pod, maker);
        await Promise.all(pods.map((pod) => start(maker, pod)));
        await Promise.all(pods.map((pod) => ready(maker, pod)));
      }
    },
    async checks() {
      const ended: Record<string, Ended> = {};
      for (const check of checksOf(plan)) ended[check.name] = await toEnd(check, check.name);
      return ended;
    },
    async stop() {
      const ended: Record<string, Ended> = {};
      const end = async (pod: string, maker: PodMaker) => {
        const { preStop } = onlyContainer(maker).lifecycle ?? {};
        const { exec: before } = (preStop ?? {}) as { exec?: { command: readonly string[] } };
        const { code, output } = before ? await exec(pod, before.command) : { code: 0, output: "" };
        if (code !== 0) throw new Error(`${pod}: what runs before the stop ended with code ${code}: ${output}`);
        const grace = maker.pod.terminationGracePeriodSeconds ?? 30;
        await docker(["stop", "--time", String(grace), physical(pod)], (grace + 30) * 1000);
        ended[pod] = { code: Number(await docker(["inspect", "--format", "{{.State.ExitCode}}", physical(pod)])), output: await logs(physical(pod)) };
      };
      for (const maker of [...new Set(running.values())].toReversed()) {
        const pods = [...running].filter(([, other]) => other === maker);
        await Promise.all(pods.map(([pod]) => end(pod, maker)));
      }
      return ended;
    },
    async remove() {
      const of = async (args: readonly string[]) => (await docker([...args, "--quiet", "--filter", `label=${label}`])).split("\n").filter(Boolean);
      const containers = await of(["ps", "--all"]);
      if (containers.length > 0) await docker(["rm", "--force", "--volumes", ...containers]);
      for (const network of await of(["network", "ls"])) await docker(["network", "rm", network]);
      const volumes = await of(["volume", "ls"]);
      if (volumes.length > 0) await docker(["volume", "rm", ...volumes]);
      const images = await of(["images"]);
      if (images.length > 0) await docker(["rmi", "--force", ...images]);
    },
  };
}

/**
 * What the name server of a cluster says of a pod that is gone: there is no such name. The daemon answers for those that are
 * there; without a server to ask for others it would let a client wait for half a minute.
 */
const knowsNoName = `const socket = require("node:dgram").createSocket("udp4");
socket.on("message", (question, from) => {
  const answer = Buffer.from(question);
  answer.writeUInt16BE(0x8183, 2);
  socket.send(answer, from.port, from.address);
});
socket.bind(53);`;

const logs = async (container: string, lines = "40") =>
  String((await execa("docker", ["logs", "--tail", lines, container], { all: true, reject: false })).all);
