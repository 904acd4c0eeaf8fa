import { awsAnswers } from "./fixtures/aws.ts";
import { dockerAnswers } from "./fixtures/docker.ts";
import { hashOf } from "./fixtures/hash.ts";
import { tlsAnswers } from "./fixtures/tls.ts";
import { marked } from "./values.ts";

/** What a resource answers when nothing is really made: complete, so that nothing in a plan is unknown. */
export interface Fixture {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The generated value, when the resource is a credential. */
  readonly credential?: string;
}

export interface FixtureRequest {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Gives the real value of a credential by its name; a plan that is only looked at gets tokens instead. */
export type CredentialValues = (name: string) => string;

export type Answer = (request: FixtureRequest, hash: string) => Readonly<Record<string, unknown>>;
export type Answers = Readonly<Record<string, Answer>>;

/** By type. Kubernetes has none: nothing in the library reads what a cluster decides, so its manifests are whole as they are. */
const answers: Answers = {
  ...dockerAnswers,
  ...awsAnswers,
  ...tlsAnswers,
  // As the real one: another value when its keepers change.
  "random:index/randomId:RandomId": ({ inputs: { byteLength, keepers } }, hash) => ({
    hex: (keepers ? hashOf(`${hash} ${JSON.stringify(keepers)}`) : hash).slice(0, 2 * Number(byteLength)),
  }),
};

export function answer(request: FixtureRequest, values?: CredentialValues): Fixture {
  const hash = hashOf(request.urn);
  if (request.type === "random:index/randomPassword:RandomPassword") {
    const credential = values?.(request.name) ?? token(request.urn);
    return { id: "none", outputs: { ...request.inputs, result: marked(credential), bcryptHash: marked("") }, credential };
  }
  const made = answers[request.type]?.(request, hash) ?? {};
  return { id: typeof made.id === "string" ? made.id : hash, outputs: { ...request.inputs, ...made } };
}

/** Stands for a secret in a plan: alphanumeric like the real one, and never one. */
const token = (urn: string) => `gptoken${hashOf(urn).slice(0, 25)}`;
