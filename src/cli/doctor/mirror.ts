import { imageReferences } from "../../preview/containers.ts";
import { podMakersOf } from "../../preview/kubernetes.ts";
import type { Plan } from "../../preview/plan.ts";
import { type Check, notLookedAt, ok, problem, type Verdict, warning } from "./check.ts";
import type { Examined } from "./examined.ts";

/** An image of the plan: whether the mirror has it, and whether the daemon has it already. */
export interface MirroredImage {
  readonly reference: string;
  readonly mirrored: boolean;
  readonly here: boolean;
}

/** `silent`: why the mirror does not answer. */
export function judgeMirror(mirror: string, images: readonly MirroredImage[], silent: string | undefined): Verdict {
  const needed = images.filter(({ here }) => !here);
  if (silent !== undefined) {
    const found = `${mirror} does not answer (${silent})`;
    const fix = "start it, or name another one with mirror or GROUNDPLAN_IMAGE_MIRROR";
    if (needed.length === 0) return warning(`${found}; all ${images.length} images are on the daemon`, fix);
    return problem(`${found}, and ${needed.length} images are not on the daemon: ${listed(needed)}`, fix);
  }
  const missing = images.filter(({ mirrored }) => !mirrored);
  if (missing.length === 0) return ok(`${mirror} has all ${images.length} images of the plan`);
  const fix = "push them there, or name them as they are called there under images of the stack file";
  const lacking = missing.filter(({ here }) => !here);
  if (lacking.length === 0) return warning(`${mirror} lacks images that the daemon has: ${listed(missing)}`, fix);
  return problem(`${mirror} lacks ${listed(lacking)}`, fix);
}

const listed = (images: readonly MirroredImage[]) => images.map(({ reference }) => reference).join(", ");

/** References of the plan that begin with the mirror. */
function mirroredImages(plan: Plan, mirror: string): string[] {
  const pods = podMakersOf(plan).flatMap(({ pod }) => [...(pod.containers ?? []), ...(pod.initContainers ?? [])].flatMap(({ image }) => image ?? []));
  return [...new Set([...imageReferences(plan).values(), ...pods])].filter((reference) => reference.startsWith(`${mirror}/`)).toSorted();
}

/** `127.0.0.1:5000/library/postgres:16` -> where its manifest is, below the mirror. */
export function manifestPath(reference: string, mirror: string): string {
  const [, repository = "", version = ""] = /^(.+?)(?::[\w.-]+)?(?:@|:)((?:sha256:)?[\w.-]+)$/.exec(reference.slice(mirror.length + 1)) ?? [];
  return `/v2/${repository}/manifests/${version}`;
}

const accepted = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Docker speaks plain HTTP to registries of this machine alone. */
const baseOf = (mirror: string) => `${/^(localhost|127\.|\[::1\])/.test(mirror) ? "http" : "https"}://${mirror}`;

const patience = () => AbortSignal.timeout(4000);

async function silenceOf(mirror: string): Promise<string | undefined> {
  try {
    // Any answer will do: a registry may want a login for more.
    await fetch(`${baseOf(mirror)}/v2/`, { signal: patience() });
    return undefined;
  } catch (error) {
    const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
    return cause?.code ?? cause?.message ?? message;
  }
}

/** A mirror that wants a login is taken at its word: nothing is known of its images then. */
async function hasImage(mirror: string, reference: string): Promise<boolean> {
  const { status } = await fetch(`${baseOf(mirror)}${manifestPath(reference, mirror)}`, {
    method: "HEAD",
    headers: { accept: accepted },
    signal: patience(),
  });
  return status !== 404;
}

export const mirrorCheck: Check<Examined> = {
  id: "mirror",
  title: "Image mirror",
  look: async ({ project, plan, daemon }) => {
    // Settings that cannot be read do not say; the variable is what stands over them anyway.
    const mirror = project ? project.settings.images.mirror : process.env.GROUNDPLAN_IMAGE_MIRROR;
    if (!mirror) return notLookedAt("none is set: images come from their own registries");
    const silent = await silenceOf(mirror);
    if (!plan) return silent === undefined ? ok(`${mirror} answers; there is no plan whose images it could hold`) : judgeMirror(mirror, [], silent);
    const known = new Set((await daemon?.docker.listImages())?.flatMap(({ RepoTags }) => RepoTags ?? []));
    const images = await Promise.all(
      mirroredImages(plan, mirror).map(async (reference) => ({
        reference,
        mirrored: silent === undefined && (await hasImage(mirror, reference).catch(() => false)),
        here: known.has(reference),
      })),
    );
    return judgeMirror(mirror, images, silent);
  },
};
