import { afterAll, beforeAll, expect, test } from "vitest";
import { labelKeys } from "../../src/core/labels.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { daemon } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

describeDocker("groundplan doctor on a daemon", () => {
  let project: TempProject;
  const gone = () => `${project.name}-dev-gone`;
  beforeAll(async () => {
    project = tempProject("doc");
    const labels = { [labelKeys.stack]: gone(), [labelKeys.component]: "db", [labelKeys.role]: "data" };
    await daemon.createVolume({ Name: `${gone()}-db-data`, Labels: labels });
    await daemon.createNetwork({ Name: `${gone()}-db`, Internal: true, Labels: { ...labels, [labelKeys.role]: "network" } });
  });
  afterAll(async () => {
    await daemon.getVolume(`${gone()}-db-data`).remove();
    const [network] = await daemon.listNetworks({ filters: { name: [`${gone()}-db`] } });
    if (network) await daemon.getNetwork(network.Id).remove();
    project.remove();
  });

  test("finds what copies have left behind, with the commands, and nothing in the way", async () => {
    const { code, output } = await project.run(["doctor", "dev", "--json"]);
    expect(code, output).toBe(0);
    const { checks } = JSON.parse(output) as { checks: { id: string; state: string; found: string; fix?: string }[] };
    const row = (id: string) => checks.find((check) => check.id === id);
    expect(row("orphaned-volumes")).toMatchObject({
      state: "warning",
      fix: `to use the data again: groundplan up dev --isolation gone; to delete it for good: docker volume rm ${gone()}-db-data`,
    });
    expect(row("leftover-networks")).toMatchObject({ state: "warning", fix: `docker network rm ${gone()}-db` });
    for (const id of ["docker", "compose", "clock", "ports", "subnets", "data", "owners"]) expect(row(id), id).toMatchObject({ state: "ok" });
  });
});
