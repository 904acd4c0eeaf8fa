import { createHash } from "node:crypto";
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

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

type Answer = (request: FixtureRequest, hash: string) => Readonly<Record<string, unknown>>;

const answers: Readonly<Record<string, Answer>> = {
  "docker:index/container:Container": (_, hash) => ({ exitCode: 0, containerLogs: "", bridge: "", networkDatas: [], id: hash }),
  "docker:index/network:Network": (_, hash) => ({ scope: "local", id: hash }),
  "docker:index/volume:Volume": ({ inputs }) => ({ mountpoint: `/var/lib/docker/volumes/${String(inputs.name)}/_data`, driver: "local" }),
  "docker:index/remoteImage:RemoteImage": ({ inputs }) => ({ imageId: `sha256:${hashOf(String(inputs.name))}`, repoDigest: "" }),
  "docker:index/image:Image": ({ inputs }) => ({ repoDigest: "", baseImageName: inputs.imageName }),
};

export function answer(request: FixtureRequest, values?: CredentialValues): Fixture {
  const hash = hashOf(request.urn);
  if (request.type === "random:index/randomPassword:RandomPassword") {
    const credential = values?.(request.name) ?? token(request.urn);
    return { id: "none", outputs: { ...request.inputs, result: marked(credential), bcryptHash: marked("") }, credential };
  }
  return { id: hash, outputs: { ...request.inputs, ...answers[request.type]?.(request, hash) } };
}

/** Stands for a secret in a plan: alphanumeric like the real one, and never one. */
const token = (urn: string) => `gptoken${hashOf(urn).slice(0, 25)}`;
