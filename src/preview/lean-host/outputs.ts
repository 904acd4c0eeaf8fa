type Resolve = (...settled: unknown[]) => void;
type Resolvers = Record<string, Resolve>;
/** As the SDK has it: gives a resource an Output for each property, and returns what resolves them. */
export type TransferProperties = (onto: object, label: string, properties: Readonly<Record<string, unknown>>) => Resolvers;

/**
 * A resource has an Output for each of its properties, a container eighty, each of a dozen promises; a stack reads a few of
 * them. So each is made, by the SDK's own function, when it is first read. One that was resolved before is resolved then.
 */
export const whenRead =
  (transfer: TransferProperties): TransferProperties =>
  (onto, label, properties) => {
    const names = Object.keys(properties).filter((name) => name !== "id" && name !== "urn");
    // The SDK says what is wrong with that.
    if (names.some((name) => Object.hasOwn(onto, name))) return transfer(onto, label, properties);
    return Object.fromEntries(names.map((name) => [name, outputWhenRead(transfer, onto, label, name, properties[name])]));
  };

function outputWhenRead(transfer: TransferProperties, onto: object, label: string, name: string, value: unknown): Resolve {
  let settled: unknown[] | undefined;
  let resolve: Resolve | undefined;
  const make = () => {
    delete (onto as Record<string, unknown>)[name];
    resolve = transfer(onto, label, { [name]: value })[name];
    if (settled) resolve?.(...settled);
    return (onto as Record<string, unknown>)[name];
  };
  const replace = (other: unknown) => Object.defineProperty(onto, name, { value: other, configurable: true, enumerable: true, writable: true });
  Object.defineProperty(onto, name, { get: make, set: replace, configurable: true, enumerable: true });
  return (...args) => {
    settled = args;
    resolve?.(...args);
  };
}
