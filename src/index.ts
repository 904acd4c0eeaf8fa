/** groundplan: one typed plan, three grounds. */
export * from "../components/index.ts";
export { type Binding, type Bindings, type BindingWithEnv, bind } from "./core/binding.ts";
export type { Connection, CredentialConnection, DatabaseConnection, External } from "./core/connection.ts";
export type { Ground, GroundContext } from "./core/ground.ts";
export type { Build } from "./core/images.ts";
export type { Platform, Target } from "./core/platform.ts";
export { exec, http, type Probe, tcp } from "./core/probe.ts";
export { PlanProblems, type Problem } from "./core/problems.ts";
export { runStack, type StackProgram, type Topology, type TopologyContext } from "./stack.ts";
