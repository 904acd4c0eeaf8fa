import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { type Manifest, objectsOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import type { PodVolume } from "../../src/preview/pod.ts";

/** A file of a pod, as the kubelet lays it down. */
interface ProjectedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** Runs the Docker CLI; what went wrong is the message. */
export async function docker(args: readonly string[], timeout = 120_000): Promise<string> {
  const { exitCode, all } = await execa("docker", [...args], { reject: false, all: true, stdin: "ignore", timeout });
  if (exitCode !== 0) throw new Error(`docker ${args.slice(0, 4).join(" ")}: ${all}`);
  return String(all).trim();
}

/** Files of a volume that a ConfigMap, a Secret or several of them fill. */
export function projectedFiles(plan: Plan, volume: PodVolume): ProjectedFile[] | undefined {
  const sources = volume.projected?.sources ?? [
    ...(volume.configMap ? [{ configMap: volume.configMap }] : []),
    ...(volume.secret ? [{ secret: { ...volume.secret, name: volume.secret.secretName } }] : []),
  ];
  if (sources.length === 0) return undefined;
  const mode = (volume.projected ?? volume.configMap ?? volume.secret)?.defaultMode ?? 0o644;
  return sources.flatMap((source) => {
    const named = source.secret ?? source.configMap;
    if (!named) throw new Error(`volume ${volume.name}: a source that is neither a ConfigMap nor a Secret cannot be replayed`);
    const content = dataOf(plan, source.secret ? "Secret" : "ConfigMap", named.name);
    const items = named.items ?? Object.keys(content).map((key) => ({ key, path: key }));
    return items.map(({ key, path }) => {
      const text = content[key];
      if (text === undefined) throw new Error(`volume ${volume.name}: ${named.name} has no key ${key}`);
      return { path, content: text, mode };
    });
  });
}

export function dataOf(plan: Plan, kind: "ConfigMap" | "Secret", name: string): Readonly<Record<string, string>> {
  const found = objectsOf(plan).find((object) => object.kind === kind && object.name === name);
  if (!found) throw new Error(`no ${kind} ${name} in the plan`);
  const { data, stringData } = found.manifest as Manifest & { data?: Record<string, string>; stringData?: Record<string, string> };
  return (kind === "Secret" ? stringData : data) ?? {};
}

/** A volume with files as the kubelet lays them down: behind links, owned by root, readable for the pod's group. */
export async function filledVolume(
  name: string,
  label: string,
  image: string,
  files: readonly ProjectedFile[],
  group: number | undefined,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "groundplan-replay-"));
  try {
    mkdirSync(join(folder, "..replay"));
    symlinkSync("..replay", join(folder, "..data"));
    for (const { path, content, mode } of files) {
      mkdirSync(dirname(join(folder, "..replay", path)), { recursive: true });
      writeFileSync(join(folder, "..replay", path), content);
      chmodSync(join(folder, "..replay", path), mode | (group === undefined ? 0 : 0o440));
      const [top = path] = path.split("/");
      if (!existsSync(join(folder, top))) symlinkSync(`..data/${top}`, join(folder, top));
    }
    await docker(["volume", "create", "--label", label, name]);
    const own = `chown -hR 0:${group ?? 0} /v && chmod 0${group === undefined ? "755" : "2775"} /v /v/..replay`;
    const helper = await docker(["create", "--label", label, "--volume", `${name}:/v`, "--user", "0:0", "--entrypoint", "sh", image, "-c", own]);
    await docker(["cp", `${folder}/.`, `${helper}:/v`]);
    await runHelper(helper);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A disk as a class of volumes gives it: freshly formatted, handed to the pod's group. */
export async function freshDisk(name: string, label: string, image: string, group: number | undefined): Promise<void> {
  await docker(["volume", "create", "--label", label, name]);
  const own = `mkdir -p /v/lost+found && chmod 700 /v/lost+found && chown -R 0:${group ?? 0} /v && chmod ${group === undefined ? "755" : "2775"} /v`;
  const helper = await docker(["create", "--label", label, "--volume", `${name}:/v`, "--user", "0:0", "--entrypoint", "sh", image, "-c", own]);
  await runHelper(helper);
}

async function runHelper(helper: string): Promise<void> {
  try {
    await docker(["start", "--attach", helper]);
  } finally {
    await docker(["rm", "--force", helper]);
  }
}
