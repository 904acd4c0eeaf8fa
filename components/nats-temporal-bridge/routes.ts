import { type Check, type Finding, flag, integer, listOf, matching, shape } from "../../src/core/checks.ts";
import { covers, placeholders, type Route, verifyRoute, verifySubjectOf } from "./contract.ts";

/** Messages of a subject, and the workflow that they start. */
export interface BridgeRouteArgs {
  /** Subject that the messages come on; `*` stands for one word, `>` for the rest. */
  readonly subject: string;
  /** Workflow type that is started. */
  readonly workflow: string;
  /** Task queue that its workers poll. */
  readonly taskQueue: string;
  /**
   * Workflow id: `{id}` is the message's `Nats-Msg-Id`, without one `<stream>-<sequence>-<time>`. A message whose id is there
   * already starts nothing.
   * @default "{id}"
   */
  readonly id?: string;
  /** Seconds that the workflow may take, retries included. @default none: for ever */
  readonly executionTimeoutSeconds?: number;
  /**
   * Whether payloads must be JSON: what is not goes to the dead letters.
   * @default true; with false other payloads are passed on as Base64
   */
  readonly json?: boolean;
}

const subject = matching(
  /^(?!\$)(?!dlq\.)([^\s.*>]+|\*|>(?=$))(\.([^\s.*>]+|\*))*(\.>)?$/,
  "a subject such as orders.> or orders.*.created, not starting with $ or dlq.",
  "separate words by dots; * stands for one word, > for the rest",
);
/** Names of types and queues are free in Temporal; what cannot be seen is a mistake. */
const name: Check = matching(/^(?=.{1,200}$)[^\s\p{C}]+( [^\s\p{C}]+)*$/u, "a name of 1 to 200 characters", "write it as the worker has it");

/** With a part of its own for every message, or one workflow would stand for all of them. */
const idTemplate: Check = (value, at) => {
  const fix = "write e.g. push-{id}";
  if (typeof value !== "string" || value.length > 200 || /[\s\p{C}]/u.test(value)) {
    return [{ path: at, value, rule: "a template of up to 200 characters without spaces", fix }];
  }
  const names = [...value.matchAll(/\{([^{}]*)\}/g)].map(([, key = ""]) => key);
  const unknown = names.find((key) => !placeholders.some((known) => known === key));
  if (unknown !== undefined || /[{}]/.test(value.replace(/\{[^{}]*\}/g, ""))) {
    return [{ path: at, value, rule: `a template of ${placeholders.map((key) => `{${key}}`).join(", ")}`, fix }];
  }
  if (!names.includes("id") && !names.includes("sequence")) {
    return [{ path: at, value, rule: "a template with {id} or {sequence}: ids of two messages must differ", fix }];
  }
  return [];
};

export const routesCheck: Check = listOf(
  shape<BridgeRouteArgs>(
    { subject, workflow: name, taskQueue: name, id: idTemplate, executionTimeoutSeconds: integer(1, 315_360_000, "seconds"), json: flag },
    ["subject", "workflow", "taskQueue"],
  ),
  1,
);

/** Routes that an earlier one leaves nothing to. */
export function neverReached(routes: readonly BridgeRouteArgs[]): Finding[] {
  const [first] = routes;
  if (!first) return [];
  const reserved = verifySubjectOf(first.subject);
  return routes.flatMap(({ subject: value }, index): Finding[] => {
    const path = `routes[${index}].subject`;
    if (covers(reserved, value)) {
      return [{ path, value, rule: `another subject than ${reserved}, which verify sends its message on`, fix: "rename it" }];
    }
    const before = routes.slice(0, index).find((route) => covers(route.subject, value));
    return before
      ? [{ path, value, rule: `a subject that no earlier route takes; ${before.subject} does`, fix: "put it before that route, or take it out" }]
      : [];
  });
}

/** Routes as the program reads them; the one of the check comes first. */
export const routesOf = (routes: readonly BridgeRouteArgs[], verifySubject: string): Route[] => [
  verifyRoute(verifySubject),
  ...routes.map(({ subject, workflow, taskQueue, id = "{id}", executionTimeoutSeconds, json = true }) => ({
    subject,
    workflow,
    taskQueue,
    id,
    json,
    ...(executionTimeoutSeconds ? { executionTimeoutSeconds } : {}),
  })),
];
