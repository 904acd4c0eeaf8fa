import { createRequire, Module } from "node:module";

const require = createRequire(import.meta.url);
/** Resolves as the SDK itself does: what it installed, not what another package did. */
const ofSdk = createRequire(require.resolve("@pulumi/pulumi"));

/** A file of the SDK, or a package that it uses; undefined when this version of it has none. */
export function sdkPath(name: string): string | undefined {
  try {
    return ofSdk.resolve(name);
  } catch {
    return undefined;
  }
}

/** Exports of such a file that may be replaced, for calls that go through them. */
export function sdkExports<E extends object>(name: string): Partial<E> {
  const path = sdkPath(name);
  return path === undefined ? {} : (require(path) as Partial<E>);
}

/** Puts exports in the place of a module, in `require.cache` as Node documents; `load` loads the real one. No file is changed. */
export function standIn(name: string, exports: (load: () => Record<PropertyKey, unknown>) => object): void {
  const path = sdkPath(name);
  if (path === undefined || require.cache[path]) return;
  const stand = new Module(path);
  stand.filename = path;
  stand.loaded = true;
  stand.exports = exports(() => {
    if (require.cache[path] === stand) delete require.cache[path];
    return require(path) as Record<PropertyKey, unknown>;
  });
  require.cache[path] = stand as NodeJS.Module;
}

/** A module that is loaded when it is first asked for something; or, by function, when one of its functions or classes is used. */
export function later(name: string, byFunction = false): void {
  standIn(name, (real) => {
    return new Proxy(
      {},
      {
        get: (_, key) => {
          // So helpers of compiled code hand it on as it is.
          if (key === "__esModule") return true;
          if (key === "default") return real().__esModule ? real().default : real();
          return byFunction ? functionLater(() => real()[key]) : real()[key];
        },
        has: (_, key) => key in real(),
        ownKeys: () => Reflect.ownKeys(real()),
        getOwnPropertyDescriptor: (_, key) => {
          const found = Reflect.getOwnPropertyDescriptor(real(), key);
          return found && { ...found, configurable: true };
        },
      },
    );
  });
}

const functionLater = (real: () => unknown): unknown =>
  new Proxy(function stub() {}, {
    apply: (_, self, args) => Reflect.apply(real() as () => unknown, self, args),
    construct: (_, args) => Reflect.construct(real() as new () => object, args),
    get: (_, key) => Reflect.get(real() as object, key),
  });
