/**
 * Makes a resource without capturing stack traces: the SDK takes four per output property, which is most of the time
 * that a container costs. Our errors carry the component's path instead, and the engine still gets the frames of each
 * resource, which the SDK captures apart. Nothing that a user wrote runs in `make`: what it throws would have no frames.
 * With GROUNDPLAN_STACK_TRACES=1 traces are captured as everywhere else.
 */
export function quietly<R>(make: () => R): R {
  if (keepsStackTraces()) return make();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Whether whoever looks for a fault asked for traces, of us or of the SDK. */
export const keepsStackTraces = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  environment.GROUNDPLAN_STACK_TRACES === "1" || Boolean(environment.PULUMI_DEBUG_PROMISE_LEAKS);
