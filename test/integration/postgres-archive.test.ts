import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { recorded } from "../support/recorded.ts";
import { type Replay, replay } from "../support/replay.ts";
import { until } from "../support/stack.ts";

const toolbox = imageReference({ table: "toolbox" }, mirror ? { mirror } : {});
/** To a folder that there is only when the test makes it; with a variable, as a real command has its target. */
const command = 'test ! -f "$ARCHIVE/%f" && cp %p "$ARCHIVE/%f"';

describeDocker("a server that archives its log, as a pod of Kubernetes", () => {
  let played: Replay;

  const sh = async (script: string) => {
    const { code, output } = await played.exec("db-0", ["sh", "-c", script]);
    if (code !== 0) throw new Error(output);
    return output.trim();
  };
  const sql = (text: string) => sh(`psql -X -U postgres -d postgres -A -t -c "${text}"`);

  beforeAll(async () => {
    const plan = await recorded({
      environment: { GROUNDPLAN_IMAGE_MIRROR: mirror ?? "" },
      settings: {
        target: "kubernetes",
        profile: "dev",
        kubernetes: { context: "lab", storageClass: "standard", registry: "127.0.0.1:5000/replay" },
        components: { db: { archive: { command, timeoutSeconds: 3600, env: { ARCHIVE: "/tmp/archive" } } } },
      },
    });
    const resources = plan.resources.filter(({ name, type }) => /^db($|-)/.test(name) || type.endsWith(":Namespace"));
    played = replay({ ...plan, resources }, toolbox);
    await played.up();
  });
  afterAll(() => played?.remove());

  test("tells of a command that fails where the exporter looks, tries again, and archives whole segments when it can", async () => {
    await sql("SELECT pg_switch_wal()");
    await until("a failure", 30, async () => Number(await sql("SELECT failed_count FROM pg_stat_archiver")) > 0);
    expect(await sql("SELECT archived_count FROM pg_stat_archiver")).toBe("0");
    await sh("mkdir /tmp/archive");
    await until("a segment", 90, async () => Number(await sql("SELECT archived_count FROM pg_stat_archiver")) > 0);
    const segment = await sql("SELECT last_archived_wal FROM pg_stat_archiver");
    expect(await sh(`wc -c </tmp/archive/${segment}`)).toBe(String(16 * 1024 ** 2));
    expect(await sql("SHOW wal_level")).toBe("replica");
  });

  test("gives a base backup to its own user over the socket, and to nobody over the network", async () => {
    // Its notices, which would mix with the count.
    const bytes = await sh("pg_basebackup -U postgres -D - -F t -c fast -X none --no-manifest 2>/tmp/notices | wc -c");
    expect(Number(bytes)).toBeGreaterThan(10 * 1024 ** 2);
    const remote = await played.exec("db-0", [
      "sh",
      "-c",
      "PGPASSWORD=$(cat /etc/groundplan/administrator-password) pg_basebackup -h 127.0.0.1 -U postgres -D - -F t -c fast -X none",
    ]);
    expect([remote.code, remote.output]).toEqual([1, expect.stringMatching(/no pg_hba.conf entry for replication connection/)]);
  });
});
