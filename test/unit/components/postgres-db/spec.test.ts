import { describe, expect, test } from "vitest";
import { isSecretText, shownText } from "../../../../src/core/text.ts";
import type { ContainerSpec } from "../../../../src/core/workload.ts";
import { soundSpec } from "../../../support/settings.ts";

const spec = soundSpec("PostgresDb", "db", { databases: { app: {} } });
const [server] = spec.workloads;
const [databases, check] = spec.jobs;
const fileOf = (container: ContainerSpec | undefined, name: string) =>
  shownText(container?.files.find(({ path }) => path.endsWith(`/${name}`))?.content ?? "");

describe("the same on every ground", () => {
  test("the server shares nothing but its network: its data is its own, its socket in memory", () => {
    expect(server?.volumes.map(({ path }) => path)).toEqual(["/var/lib/postgresql/data"]);
    expect(server?.scratch).toContain("/var/run/postgresql");
  });

  test("jobs reach the server over its network and have no volume", () => {
    for (const job of [databases, check]) expect([job?.joins, job?.after, job?.volumes]).toEqual(["db", ["db"], []]);
    expect(fileOf(databases, "reconcile.sh")).toContain('"host=db port=5432 user=postgres dbname=postgres');
  });

  test("the administrator's password is a file of the server and of the job, and nowhere else", () => {
    const holding = [...spec.workloads, ...spec.jobs].flatMap((container) =>
      container.files
        .filter(({ content }) => isSecretText(content) && content.parts.some((part) => typeof part === "object" && part.secret === "postgres"))
        .map(({ path }) => `${container.name} ${path}`),
    );
    expect(holding).toEqual(["db /etc/groundplan/administrator-password", "db-databases /etc/groundplan/administrator-password"]);
    for (const { env } of [...spec.workloads, ...spec.jobs]) for (const value of Object.values(env)) expect(typeof value).toBe("string");
  });
});

test("everybody needs a password over the network; the socket is for the server's own user", () => {
  expect(fileOf(server, "pg_hba.conf").trimEnd().split("\n")).toEqual([
    "local all postgres peer",
    "local all all reject",
    "host all all all scram-sha-256",
  ]);
});
