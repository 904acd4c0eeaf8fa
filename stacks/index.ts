import { runStack } from "../src/index.ts";
import { gitguard } from "./gitguard.ts";
import { starter } from "./starter.ts";

/** All topologies of this repository; the stack file of the environment names one of them. */
export const run = () =>
  runStack({
    topologies: { gitguard, starter },
    grounds: { docker: () => import("../src/docker.ts"), kubernetes: () => import("../src/kubernetes.ts"), aws: () => import("../src/aws.ts") },
  });
