import { runStack } from "groundplan";
import { topology } from "./topology.ts";

/** What the engine and `groundplan preview` run: the stack file names the topology and the target, of which only one is loaded. */
export default () =>
  runStack({
    topologies: { app: topology },
    grounds: {
      docker: () => import("groundplan/docker"),
      kubernetes: () => import("groundplan/kubernetes"),
      aws: () => import("groundplan/aws"),
    },
  });
