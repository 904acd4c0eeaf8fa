import { describe, expect, test } from "vitest";
import { shownText } from "../../../../src/core/text.ts";
import { unsupportedOn } from "../../../../src/core/unsupported.ts";
import { settingsOf, soundSpec, specs } from "../../../support/settings.ts";

const archive = {
  command: "test ! -f /archive/%f && cp %p /archive/%f",
  timeoutSeconds: 300,
  env: { WALG_S3_PREFIX: "s3://backups/db" },
  egress: [{ host: "s3.example.com", port: 443 }],
};
const flagsOf = (args: object) => (soundSpec("PostgresDb", "db", args).workloads[0]?.command ?? []).filter((flag) => flag !== "-c");
const wrong = (args: object) => specs.PostgresDb("db", args, settingsOf()).problems.map(({ path, rule }) => [path, rule]);

describe("an archive of the log", () => {
  test("is run by the server itself, which finishes segments in time", () => {
    const flags = flagsOf({ archive });
    for (const flag of ["archive_mode=on", `archive_command=${archive.command}`, "archive_timeout=300", "wal_level=replica"]) {
      expect(flags).toContain(flag);
    }
    expect(flagsOf({ archive: { command: archive.command } })).toContain("archive_timeout=60");
    expect(flagsOf({}).filter((flag) => flag.startsWith("archive"))).toEqual([]);
  });

  test("has its variables and its way out, and the server alone may copy the data, over its socket", () => {
    const spec = soundSpec("PostgresDb", "db", { archive });
    const [server] = spec.workloads;
    expect(server?.env).toMatchObject(archive.env);
    expect(server?.egress).toEqual(archive.egress);
    expect(spec.digest.egress).toEqual(["s3.example.com:443"]);
    const rules = (args: object) =>
      shownText(soundSpec("PostgresDb", "db", args).workloads[0]?.files.find(({ path }) => path.endsWith("/pg_hba.conf"))?.content ?? "").split("\n");
    expect(rules({ archive })[0]).toBe("local replication postgres peer");
    expect(rules({}).join()).not.toContain("replication");
    // Nobody else gets the variables: jobs do not archive.
    for (const job of spec.jobs) expect(job.env).not.toHaveProperty("WALG_S3_PREFIX");
  });

  test("is refused on AWS alone, with what does it there", () => {
    const spec = soundSpec("PostgresDb", "db", { archive });
    expect(unsupportedOn("docker", spec)).toEqual([]);
    expect(unsupportedOn("kubernetes", spec)).toEqual([]);
    expect(unsupportedOn("aws", spec)).toMatchObject([{ path: "archive", fix: "set aws.backupDays" }]);
  });
});

test("what cannot archive is found, all at once", () => {
  const command = "a command in one line with %p, the file";
  expect(wrong({ archive: { command: "wal-g wal-push %p" } })).toEqual([]);
  expect(wrong({ archive: { command: "cp /archive/%f" } })).toEqual([["archive.command", command]]);
  expect(wrong({ archive: { command: "cp %p /archive/%f\nrm -rf /" } })).toEqual([["archive.command", command]]);
  expect(wrong({ archive: {} })).toEqual([["archive.command", "required"]]);
  expect(
    wrong({ archive: { command: archive.command, timeoutSeconds: 0, env: { PGDATA: "/x" }, egress: [{ host: "a" }] } }).map(([path]) => path),
  ).toEqual(["archive.timeoutSeconds", "archive.env.PGDATA", "archive.egress[0].port"]);
  expect(wrong({ archive, settings: { wal_level: "minimal" } })).toEqual([["settings.wal_level", "replica or logical where the log is archived"]]);
  expect(wrong({ settings: { archive_command: "cp" } })).toMatchObject([
    ["settings.archive_command", expect.stringContaining("the component does not make itself")],
  ]);
});
