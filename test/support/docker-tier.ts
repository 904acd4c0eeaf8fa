import { execFileSync } from "node:child_process";
import { describe, test } from "vitest";
import { type ImageName, imageReference, images } from "../../src/core/images.ts";
import { resolveEndpoint } from "../../src/platforms/docker/endpoint.ts";

/** Registry that stands in for all others; some images are only there. */
export const mirror = process.env.GROUNDPLAN_IMAGE_MIRROR;

const missing = await whatIsMissing();
const required = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("docker");
if (missing) console.warn(`docker tier ${required ? "cannot run" : "skipped"}: ${missing}`);

/** A suite on real containers. Without a daemon or images it is skipped and says why, or fails where the tier must run. */
export function describeDocker(title: string, suite: () => void): void {
  if (!missing) describe(title, suite);
  else if (!required) describe.skip(`${title} (skipped: ${missing})`, suite);
  else {
    test(title, () => {
      throw new Error(`GROUNDPLAN_TEST_REQUIRE names docker, and ${missing}`);
    });
  }
}

async function whatIsMissing(): Promise<string | undefined> {
  try {
    docker("version");
    docker("compose", "version");
  } catch (error) {
    return `no Docker daemon with Compose answers at ${resolveEndpoint().host}: ${String((error as { stderr?: unknown }).stderr ?? error).trim()}`;
  }
  if (mirror ? await answers(`http://${mirror}`) : pulls()) return undefined;
  const absent = Object.keys(images).find((name) => !isHere(imageReference({ table: name as ImageName }, mirror ? { mirror } : {})));
  if (!absent) return undefined;
  return mirror ? `the mirror ${mirror} does not answer` : `GROUNDPLAN_IMAGE_MIRROR is not set, no registry answers, and image ${absent} is not here`;
}

function docker(...args: string[]): void {
  execFileSync("docker", args, { stdio: ["ignore", "pipe", "pipe"], timeout: 10_000 });
}

function isHere(reference: string): boolean {
  try {
    docker("image", "inspect", "--format", "{{.Id}}", reference);
    return true;
  } catch {
    return false;
  }
}

/** Any answer will do; a registry wants a login for more. */
async function answers(registry: string): Promise<boolean> {
  return fetch(`${registry}/v2/`, { signal: AbortSignal.timeout(5000) }).then(
    () => true,
    () => false,
  );
}

/** Whether the registries of the images can be reached: one small image tells. */
function pulls(): boolean {
  try {
    execFileSync("docker", ["pull", "--quiet", imageReference({ table: "toolbox" })], { stdio: "ignore", timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}
