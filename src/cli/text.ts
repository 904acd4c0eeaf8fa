import type { Diagnosis } from "../platforms/docker/diagnose.ts";

export function diagnosisText({ container, state, health, log }: Diagnosis): string {
  return [
    `  ${container}  ${state}`,
    ...(health.length > 0 ? ["    last health output", ...health.map((line) => `      ${line}`)] : []),
    ...(log.length > 0 ? ["    last log lines", ...log.map((line) => `      ${line}`)] : ["    it wrote no log"]),
  ].join("\n");
}
