/** An input that nobody may set from outside, since what stands on it would not hold any more. */
export interface Refusal {
  /** Kinds of resources, as children are called; * stands for any letters, here as in paths. @default all */
  readonly kinds?: readonly string[];
  /** Words of the path to it; [] stands for each entry of a list whose entries have names. */
  readonly path: readonly string[];
  /** What may be set all the same, where the path names everything. */
  readonly except?: readonly (readonly string[])[];
  /** What stands on it, and what sets it instead. */
  readonly why: string;
  readonly fix: string;
}

/** Why, and what to do instead. */
export type Reason = readonly [why: string, fix: string];

const words = (path: string) => path.split("/");

/** Single inputs, of these kinds or of all. */
export const inputs = (kinds: readonly string[] | undefined, paths: readonly string[], [why, fix]: Reason): Refusal[] =>
  paths.map((path) => ({ ...(kinds ? { kinds } : {}), path: words(path), why, fix }));

/** All inputs of kinds that realise a binding, an identity or a secret, but those that change nothing of it. */
export const closed = (kinds: readonly string[], open: readonly string[], [why, fix]: Reason): Refusal => ({
  kinds,
  path: ["*"],
  except: open.map(words),
  why,
  fix,
});

export const called: Reason = ["the parts of a stack find each other by it", "rename the component"];
export const owned: Reason = ["what belongs to the stack is found by it", "add others under keys of your own"];
export const isolation: Reason = ["who may connect is said by bindings, reaches and egress alone", "declare a binding, or egress"];
export const published: Reason = ["who reaches it from outside is said by arguments alone", "use publish, or a route of a ServiceMeshGateway"];
export const identity: Reason = ["what it may do follows from its bindings alone", "declare a binding"];
export const content: Reason = ["secrets lie in it", "use the arguments of the component, e.g. env"];
export const started: Reason = ["probe, user and files are made for it", "use image and command of the service, or images of the stack file"];
export const probed: Reason = ["start order and verify stand on it", "use the probe of the component, e.g. health"];
export const stored: Reason = ["data and files are found by them", "use volumes, mounts or files of the component"];
export const waiting: Reason = ["what comes behind waits by it", "use the probe of the component"];
export const host: Reason = ["it opens the machine to the container", "leave it: a component has no need of its machine"];
