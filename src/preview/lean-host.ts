import { createRequire, Module } from "node:module";
import { keepsStackTraces, quietly } from "../core/quietly.ts";

/**
 * Loaded before the SDK's host in the process that is recorded, and nowhere else: what a recording never uses is loaded when
 * somebody asks for it, and no promise gets a stack trace. Modules are put into `require.cache`, as Node documents; no file
 * is changed. What an SDK of another version does not have is left as it is.
 */
const require = createRequire(import.meta.url);
const ofSdk = createRequire(require.resolve("@pulumi/pulumi"));

/** They turn functions into text: the compiler and the reader of node_modules. And what drives the engine from a program. */
for (const name of ["./typescript-shim.js", "@npmcli/arborist", "normalize-package-data", "./automation/index.js"]) later(name);

/** They send traces of the host to a collector. The host takes single functions and classes out of them as it starts. */
for (const name of ["resources", "sdk-trace-base", "exporter-zipkin", "instrumentation-grpc", "sdk-trace-node", "instrumentation"]) {
  later(`@opentelemetry/${name}`, true);
}

if (!keepsStackTraces()) {
  // Each trace is looked up in source maps; stripped types leave lines as they are.
  put("source-map-support/register", () => ({}));
  promisesWithoutTraces();
}

/** A module that is loaded when it is first asked for something. */
function later(name: string, byFunction = false): void {
  put(name, (load) => {
    const real = load as () => Record<PropertyKey, unknown>;
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

/** Stands for a function or class of such a module until it is called or looked into. */
const functionLater = (real: () => unknown): unknown =>
  new Proxy(function stub() {}, {
    apply: (_, self, args) => Reflect.apply(real() as () => unknown, self, args),
    construct: (_, args) => Reflect.construct(real() as new () => object, args),
    get: (_, key) => Reflect.get(real() as object, key),
  });

/** Puts exports in the place of a module; `load` loads the real one. */
function put(name: string, exports: (load: () => unknown) => object): void {
  const path = resolved(name);
  if (path === undefined || require.cache[path]) return;
  const stand = new Module(path);
  stand.filename = path;
  stand.loaded = true;
  stand.exports = exports(() => {
    if (require.cache[path] === stand) delete require.cache[path];
    return require(path);
  });
  require.cache[path] = stand as NodeJS.Module;
}

function resolved(name: string): string | undefined {
  try {
    return ofSdk.resolve(name);
  } catch {
    return undefined;
  }
}

/** The SDK takes a trace for each promise, to print it when one is left over and PULUMI_DEBUG_PROMISE_LEAKS is set. */
function promisesWithoutTraces(): void {
  const path = resolved("./runtime/debuggable.js");
  if (path === undefined) return;
  const module = require(path) as { debuggablePromise?: (promise: Promise<unknown>, context: unknown) => Promise<unknown> };
  const { debuggablePromise } = module;
  if (!debuggablePromise) return;
  module.debuggablePromise = (promise, context) => quietly(() => debuggablePromise(promise, context));
}
