import { z } from "zod";

const port = z.number("a port number").int("a whole number").min(1, "1 to 65535").max(65535, "1 to 65535");
const name = z.string("text").regex(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23}$/, "1 to 24 lower-case letters, digits and single hyphens, starting with a letter");
const registry = z.string("text").regex(/^[\w.-]+(:\d+)?(\/[\w.-]+)*$/, "a registry, with a port or a path but without a scheme, e.g. 127.0.0.1:5000");
const reference = z.string("text").regex(/^[\w.:-]+(\/[\w.-]+)*:(?!latest$)[\w.-]+(@sha256:[0-9a-f]{64})?$/, "a full image reference with a version that does not float");
const hostPort = z.string("text").regex(/^[a-z0-9*]([a-z0-9.-]*[a-z0-9])?:\d{1,5}$/, "host:port, e.g. api.github.com:443");
const cidr = z.string("text").regex(/^(10|172|192)(\.\d{1,3}){3}\/(1[0-9]|2[0-4])$/, "a private range between /10 and /24, e.g. 10.213.0.0/16");

/** `groundplan:stack` in Pulumi.<env>.yaml. */
export const stackSchema = z.strictObject({
  /** File below stacks/ that exports the topology. */
  topology: name,
  target: z.enum(["docker", "kubernetes", "aws"]),
  profile: z.enum(["dev", "staging", "prod"]),
  /** Key of an isolated second copy. */
  isolation: z.union([z.literal(""), name]).optional(),
  /** Registry that stands in for all others. */
  mirror: registry.optional(),
  /** Replacement of rows of the image table. */
  images: z.record(z.string(), reference).optional(),
  /** `component.port` -> port on the developer's machine. */
  ports: z.record(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, "component.port, e.g. db.sql"), port).optional(),
  /** Outbound addresses that services may declare. */
  egress: z.array(hostPort, "a list of host:port").optional(),
  /** Pool for the networks of Docker. */
  subnetPool: cidr.optional(),
  /** Arguments of components, by component name. */
  components: z.record(z.string(), z.record(z.string(), z.unknown(), "a map of arguments"), "a map of component names").optional(),
});

export type StackDocument = z.infer<typeof stackSchema>;

export const settingNames = Object.keys(stackSchema.shape) as (keyof StackDocument)[];
