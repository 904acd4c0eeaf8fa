import type { Command } from "commander";
import { config } from "./config.ts";
import { connections } from "./connections.ts";
import { doctor } from "./doctor.ts";
import { down } from "./down.ts";
import { env } from "./env.ts";
import { exec } from "./exec.ts";
import { explain } from "./explain.ts";
import { graph } from "./graph.ts";
import { init } from "./init.ts";
import { logs } from "./logs.ts";
import { policy } from "./policy.ts";
import { preview } from "./preview.ts";
import { render } from "./render.ts";
import { retire } from "./retire.ts";
import { rotate } from "./rotate.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";

/** All verbs, in the order of the help. Each is declared in a file here, and done by one of its name in ../commands, which is loaded when it is called. */
export const verbs: readonly ((program: Command) => Command)[] = [
  init,
  start,
  up,
  down,
  preview,
  render,
  policy,
  graph,
  config,
  doctor,
  status,
  logs,
  exec,
  connections,
  verify,
  env,
  retire,
  rotate,
  explain,
];
