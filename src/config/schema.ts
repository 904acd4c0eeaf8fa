import { isIPv4 } from "node:net";
import { z } from "zod";
import { isRecord } from "../core/checks.ts";
import { imageCheck } from "../core/image-checks.ts";
import { type ImageOverride, images as imageTable, pinnedReference } from "../core/images.ts";
import { awsSchema } from "./aws.ts";
import { form, listOfForm, registry } from "./forms.ts";
import { kubernetesSchema } from "./kubernetes.ts";

const port = z.number("a port number").int("a whole number").min(1, "1 to 65535").max(65535, "1 to 65535");
const nameRule = "1 to 24 lower-case letters, digits and single hyphens, starting with a letter";
const name = form(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23}$/, nameRule);
const referenceRule = "a full image reference with a version that does not float, or build with its context";
/** As an argument of a service is checked, by the same rules. */
const image = z.custom<ImageOverride>().superRefine((value, context) => {
  const wrong = isRecord(value)
    ? imageCheck(value, "")
    : pinnedReference.test(String(value))
      ? []
      : [{ path: "", rule: referenceRule, fix: undefined }];
  for (const { path, rule, fix } of wrong)
    context.addIssue({ code: "custom", path: path.split(".").filter(Boolean), message: rule, ...(fix ? { params: { fix } } : {}) });
});
const hostPortRule = "host:port, e.g. api.github.com:443";
const hostPort = z
  .string(hostPortRule)
  .refine((text) => /^[a-z0-9*]([a-z0-9.-]*[a-z0-9])?:\d+$/.test(text) && port.safeParse(Number(text.split(":")[1])).success, hostPortRule);

/** The private ranges, and the widest pool that fits into each. */
const privateRanges = [
  { range: /^10\./, widest: 10 },
  { range: /^172\.(1[6-9]|2\d|3[01])\./, widest: 12 },
  { range: /^192\.168\./, widest: 16 },
];
const poolRule = "a private range between /10 and /24, e.g. 10.213.0.0/16";
const pool = z.string(poolRule).refine((text) => {
  const [, address = "", bits] = /^([\d.]+)\/(1\d|2[0-4])$/.exec(text) ?? [];
  return isIPv4(address) && privateRanges.some(({ range, widest }) => range.test(address) && Number(bits) >= widest);
}, poolRule);

/** `groundplan:stack` in Pulumi.<env>.yaml. */
export const stackSchema = z.strictObject({
  /** One of the topologies that stacks/index.ts names. */
  topology: name,
  target: z.enum(["docker", "kubernetes", "aws"]),
  profile: z.enum(["dev", "staging", "prod"]),
  /** Key of an isolated second copy. */
  isolation: form(/^([a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23})?$/, nameRule).optional(),
  /** Registry that stands in for all others. */
  mirror: registry.optional(),
  /** Take digests from the mirror, too: only when it holds the very same images. */
  mirrorDigests: z.boolean("true or false").optional(),
  /** Images of the topology's own services, and replacements of rows of the image table, by name. */
  images: z
    .record(z.string(), image, "a map of names to image references")
    .superRefine((images, context) => {
      for (const name of Object.keys(images).filter((row) => row in imageTable && typeof images[row] !== "string"))
        context.addIssue({ code: "custom", path: [name], message: "an image reference: rows of the image table are pulled, not built" });
    })
    .optional(),
  /** `component.port` -> port on the developer's machine. */
  ports: z
    .record(form(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, "component.port, e.g. db.sql"), port, "a map of component.port to numbers")
    .superRefine((ports, context) => {
      for (const [index, [name, number]] of Object.entries(ports).entries()) {
        const other = Object.keys(ports)
          .slice(0, index)
          .find((key) => ports[key] === number);
        if (other) context.addIssue({ code: "custom", path: [name], message: `a number of its own; ${other} has it` });
      }
    })
    .optional(),
  /** Ports of data systems on 127.0.0.1, instead of what the profile says; on Docker. */
  publishData: z.boolean("true or false").optional(),
  /** Outbound addresses that services may declare. */
  egress: z.array(hostPort, "a list of host:port").optional(),
  /** Pool for the networks of Docker. */
  subnetPool: pool.optional(),
  kubernetes: kubernetesSchema.optional(),
  aws: awsSchema.optional(),
  /**
   * Components that are about to leave the topology: nothing of them is protected any more, so that the `up` after the next
   * one may delete their data. `groundplan retire` has the steps. Changing it: safe by itself.
   */
  retired: listOfForm(/^\S+$/, "a list of components, e.g. [cache]").optional(),
  /** Arguments of components, by component name. */
  components: z.record(z.string(), z.record(z.string(), z.unknown(), "a map of arguments"), "a map of component names").optional(),
});

export type StackDocument = z.infer<typeof stackSchema>;

export const settingNames = Object.keys(stackSchema.shape) as (keyof StackDocument)[];
