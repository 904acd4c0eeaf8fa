import { buildKitImage, buildKitIndex, builtImage } from "../docker.ts";
import { imageReference, imagesOf, imageTypes } from "../images.ts";
import type { Policy } from "../model.ts";

/** Tags that are moved on: to what is newest, or to a line of releases. */
const moving = /^(latest|stable|mainline|lts|edge|nightly|rolling|main|master|develop|dev|current)$|^(latest|stable|mainline|lts)-[a-z]+$/;

const pinned: Policy = {
  id: "image-pinned",
  title: "Images are named by a tag of one release, or by a digest",
  severity: "high",
  why: "What latest means changes without notice: the next start may run another program than the one that was tested, and nothing tells which one runs.",
  fix: "Write the tag of a release in `image` of AppService or `build`, `images` of the stack file for others; on a raw resource replace latest in the name of the image.",
  types: imageTypes,
  scope: "resource",
  references: ["CKV_K8S_14", "CKV_DOCKER_7", "KSV-0013", "DS-0001"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: function* (resource) {
    const names = [...imagesOf(resource)];
    // A build that is pushed as its release may be pushed as what is newest besides.
    if (resource.type === buildKitImage && names.some(({ image }) => isRelease(image))) return;
    for (const { path, image } of names) {
      if (isRelease(image)) continue;
      const { tag = "" } = imageReference(image) ?? {};
      if (tag === "") yield { path, is: `is "${image}", without a tag: that means latest, whatever it is on the day` };
      else yield { path, is: `is "${image}": the tag ${tag} is moved to other images` };
    }
  },
};

/** Whether a name means one image for good: an id, a digest, or a tag that is not moved. */
function isRelease(image: string): boolean {
  const reference = imageReference(image);
  if (reference === undefined || (reference.digest ?? "") !== "") return true;
  return (reference.tag ?? "") !== "" && !moving.test(reference.tag ?? "");
}

const digest: Policy = {
  id: "image-digest",
  title: "Images from a registry are named by their digest",
  severity: "medium",
  why: "Who may push to a registry can put another image under the tag that was reviewed; a digest names the content itself.",
  fix: "Add @sha256:... to the image where its registry tells the digest: in `image` of AppService, in the name of a raw image.",
  types: imageTypes.filter((type) => ![builtImage, buildKitImage, buildKitIndex].includes(type)),
  scope: "resource",
  references: ["CKV_K8S_43"],
  levels: { dev: "disabled", staging: "disabled", prod: "advisory" },
  check: function* (resource) {
    for (const { path, image } of imagesOf(resource)) {
      const reference = imageReference(image);
      if (reference === undefined || (reference.digest ?? "") !== "") continue;
      const { tag = "" } = reference;
      // Of a tag that is no release there is a finding already.
      if (tag === "" || moving.test(tag)) continue;
      // An image that the stack builds is named by the hash of what it is built from.
      if (/^[0-9a-f]{12,64}$/.test(tag)) continue;
      yield { path, is: `is "${image}": its tag may be put on another image` };
    }
  },
};

export const imagePolicies: readonly Policy[] = [pinned, digest];
