import { parse } from "yaml";
import type { Plan } from "../../../../src/preview/plan.ts";
import { renderCompose } from "../../../../src/preview/render/compose.ts";
import { interpolate, readEnvFile } from "./compose-env.ts";

interface Compose {
  readonly name: string;
  readonly services: Record<string, Record<string, unknown>>;
  readonly configs: Record<string, { content: string }>;
}

/** A plan as a Compose folder: its texts, and what Compose reads in them. */
export function rendered(plan: Plan) {
  const { files } = renderCompose(plan);
  const [yaml = "", env = ""] = ["compose.yaml", ".env"].map((path) => files.find((file) => file.path === path)?.content);
  const document = parse(yaml) as Compose;
  const variables = readEnvFile(env);
  /** Every text as Compose reads it: variables filled in, escapes taken off. */
  const read = (value: unknown): unknown => {
    if (typeof value === "string") return interpolate(value, variables);
    if (Array.isArray(value)) return value.map(read);
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, read(entry)]));
    return value;
  };
  return { yaml, files, document, variables, read: read(document) as Compose };
}
