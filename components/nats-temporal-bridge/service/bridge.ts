import { check } from "./check.ts";
import { environment, readConfig } from "./config.ts";
import { log, reasonOf } from "./log.ts";
import { serve } from "./serve.ts";

/** `bridge.mjs` starts workflows until it is told to stop; `bridge.mjs check` sends one message through and tells how it went. */
try {
  const env = environment(process.env);
  const config = readConfig(env.configFile);
  if (process.argv[2] === "check") process.exit(await check(env, config));
  await serve(env, config);
} catch (error) {
  log("error", "the bridge cannot start", { error: reasonOf(error) });
  process.exit(1);
}
