/**
 * Makes a resource without capturing stack traces: the SDK takes four per output property, which is most of the time
 * that a container costs. Our errors carry the component's path instead.
 */
export function quietly<R>(make: () => R): R {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
