import { expect, test } from "vitest";
import { startWithRecovery, unhealthyIn } from "../../../src/cli/engines/compose-recovery.ts";

const refused = (name: string) => ({ failed: true, output: `dependency failed to start: container ${name} is unhealthy` });
const done = { failed: false, output: "" };

/** Compose as a list of what it answers, and a note of what it was asked. */
function compose(answers: { failed: boolean; output: string }[], recovering: string[], waits: Record<string, string[]> = {}) {
  const asked: string[] = [];
  return {
    asked,
    start: async (containers: readonly string[]) => {
      asked.push(`start ${containers.join(" ") || "all"}`);
      return answers.shift() ?? done;
    },
    waitsFor: (container: string) => waits[container] ?? [],
    recovers: async (container: string) => {
      asked.push(`wait for ${container}`);
      return recovering.includes(container);
    },
  };
}

test("what goes well is asked once", async () => {
  const one = compose([done], []);
  expect(await startWithRecovery(one)).toBeUndefined();
  expect(one.asked).toEqual(["start all"]);
});

test("an unhealthy container that ran before gets what it needs, then time, and the rest goes on", async () => {
  const one = compose([refused("codex")], ["codex"], { codex: ["temporal"] });
  expect(await startWithRecovery(one)).toBeUndefined();
  expect(one.asked).toEqual(["start all", "start temporal", "wait for codex", "start all"]);
});

test("so does one that is in the way of another's needs", async () => {
  const one = compose([refused("api"), refused("codex")], ["api", "codex"], { api: ["codex"], codex: ["temporal"] });
  expect(await startWithRecovery(one)).toBeUndefined();
  expect(one.asked).toEqual(["start all", "start codex", "start temporal", "wait for codex", "start codex", "wait for api", "start all"]);
});

test("one that does not recover is the failure, and one that needs it again is not tried for ever", async () => {
  expect(await startWithRecovery(compose([refused("api")], []))).toContain("api is unhealthy");
  const again = compose([refused("api"), refused("api")], ["api"]);
  expect(await startWithRecovery(again)).toContain("api is unhealthy");
  expect(again.asked).toEqual(["start all", "wait for api", "start all"]);
});

test("any other failure is the answer at once", async () => {
  const one = compose([{ failed: true, output: "pull access denied" }], ["api"]);
  expect(await startWithRecovery(one)).toBe("pull access denied");
  expect(one.asked).toEqual(["start all"]);
});

test("the name of the container is read from both ways in which Compose says it", () => {
  expect(unhealthyIn("dependency failed to start: container gp-dev-guard-codex is unhealthy")).toBe("gp-dev-guard-codex");
  expect(unhealthyIn(" Container a  Started\ncontainer gp-dev-api is unhealthy\n")).toBe("gp-dev-api");
  expect(unhealthyIn("service db didn't complete successfully: exit 1")).toBeUndefined();
});
