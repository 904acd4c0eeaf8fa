import { z } from "zod";

/** Text of one form; the rule is the message whatever is wrong with it. */
export const form = (pattern: RegExp, rule: string) => z.string(rule).regex(pattern, rule);

export const listOfForm = (pattern: RegExp, rule: string) => z.array(form(pattern, rule), rule).min(1, rule);

export const registry = form(/^[\w.-]+(:\d+)?(\/[\w.-]+)*$/, "a registry, with a port or a path but without a scheme, e.g. 127.0.0.1:5000");

/** A name as Kubernetes takes it. */
export const dnsLabel = form(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "1 to 63 lower-case letters, digits and hyphens");
