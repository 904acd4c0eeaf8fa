import { createHash } from "node:crypto";
import { covers, type Route } from "../contract.ts";

/** What of a message decides which workflow it starts. */
export interface Envelope {
  readonly stream: string;
  readonly subject: string;
  readonly sequence: number;
  /** When the stream took it, as ISO time: the same for every delivery. */
  readonly time: string;
  /** `Nats-Msg-Id`, if the publisher gave one. */
  readonly givenId: string;
}

/**
 * The publisher's own id, else the place in the stream: the same for every delivery. With its time, because a stream that
 * is made anew or restored from a backup gives the same places to other messages.
 */
export const messageId = ({ givenId, stream, sequence, time }: Envelope): string => givenId || `${stream}-${sequence}-${Date.parse(time)}`;

/** The first route whose subject matches. */
export const routeOf = (routes: readonly Route[], subject: string): Route | undefined => routes.find((route) => covers(route.subject, subject));

/** Longest workflow id that Temporal keeps in PostgreSQL. */
const longest = 255;

/** The id of the workflow; one that would be too long is cut, and a hash keeps it apart from others. */
export function workflowId(template: string, envelope: Envelope): string {
  const values: Record<string, string> = { id: messageId(envelope), subject: envelope.subject, sequence: String(envelope.sequence) };
  const id = template.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
  if (Buffer.byteLength(id) <= longest) return id;
  const hash = createHash("sha256").update(id).digest("hex");
  return `${Buffer.from(id)
    .subarray(0, 180)
    .toString()
    .replace(/\uFFFD+$/, "")}-${hash}`;
}

/** The one argument of the workflow. */
export interface Argument {
  readonly subject: string;
  readonly id: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The parsed payload; of a route without `json`, Base64 where it is no JSON. */
  readonly data: unknown;
}

export class PoisonError extends Error {}

/** As of ECMAScript 2026; the types do not have it yet. */
const json2026 = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
};

/** Numbers keep the digits that were written: as a value of this language a long id would become another one. */
const asWritten = (_: string, value: unknown, { source }: { readonly source?: string }) =>
  typeof value === "number" && source !== undefined && String(value) !== source ? json2026.rawJSON(source) : value;

/** The payload as a value. The parser's own message would quote the payload, so it is not passed on. */
export function payloadOf(data: Uint8Array, json: boolean): unknown {
  try {
    return json2026.parse(new TextDecoder("utf-8", { fatal: true }).decode(data), asWritten);
  } catch {
    if (json) throw new PoisonError(data.length === 0 ? "the payload is empty; JSON is demanded" : "the payload is not JSON");
    return Buffer.from(data).toString("base64");
  }
}
