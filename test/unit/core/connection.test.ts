import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connect, type Endpoint, stubConnection } from "../../../src/core/connection.ts";
import { connectionTo, resolved } from "../connections.ts";

describe("the URI", () => {
  /** Any text that UTF-8 can carry. A path of dots only is no path, and no database has such a name. */
  const unicode = fc.string({ unit: "binary" }).filter((text) => text.isWellFormed());
  const database = unicode.filter((text) => text !== "" && !/^\.\.?$/.test(text));

  test("gives user, password and database back, whatever they are made of", async () => {
    await fc.assert(
      fc.asyncProperty(
        unicode.filter((text) => text !== ""),
        unicode,
        database,
        async (username, password, name) => {
          const connection = connectionTo("db", { username, password, database: name });
          const url = new URL(await resolved(connection.uri));
          expect(decodeURIComponent(url.username)).toBe(username);
          expect(decodeURIComponent(url.password)).toBe(password);
          expect(decodeURIComponent(url.pathname.slice(1))).toBe(name);
          expect([url.protocol, url.host, url.search, url.hash]).toEqual(["postgres:", "db:5432", "", ""]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("without credentials it is the address with its scheme", async () => {
    const connection = connectionTo("cache");
    expect(await resolved(connection.uri)).toBe("postgres://cache:5432");
    expect(connection).not.toHaveProperty("password");
    expect(connection).not.toHaveProperty("database");
  });
});

describe("secrecy", () => {
  const connection = connectionTo("db", { username: "app", password: "hunter2", database: "shop" });

  test("only password and uri are secret", async () => {
    const parts = {
      host: connection.host,
      port: connection.port,
      address: connection.address,
      username: connection.username,
      database: connection.database,
    };
    for (const [name, part] of Object.entries(parts)) expect([name, await pulumi.isSecret(part as pulumi.Output<unknown>)]).toEqual([name, false]);
    expect(await pulumi.isSecret(connection.password as pulumi.Output<string>)).toBe(true);
    expect(await pulumi.isSecret(connection.uri)).toBe(true);
    expect(await pulumi.isSecret(connectionTo("cache").uri)).toBe(false);
  });

  test("the summary has everything but the secret", () => {
    expect(connection.summary).toEqual({
      system: "db",
      workload: "db",
      scheme: "postgres",
      host: "db",
      port: 5432,
      tls: false,
      username: "app",
      database: "shop",
    });
  });
});

test("the names of a connection are those of the contract, the same with and without a published port", async () => {
  const parts = {
    system: "db",
    scheme: "postgres",
    host: "db",
    port: 5432,
    tls: true,
    ready: pulumi.output<pulumi.Resource[]>([]),
    endpoint: {} as Endpoint,
  };
  const external = { host: "127.0.0.1", port: 20_000, address: "127.0.0.1:20000" };
  const inside = connect(parts);
  const published = connect({ ...parts, external, credential: "db-app-password" });
  expect(await resolved(inside.address)).toBe("db:5432");
  expect(inside).not.toHaveProperty("external");
  expect(published.external).toEqual(external);
  expect(published.summary).toMatchObject({ external: "127.0.0.1:20000", credential: "db-app-password", tls: true });
});

test("the stub of a broken component can be bound to like a real one", async () => {
  const stub = stubConnection("db", { scheme: "postgres", workload: "db", port: "sql", username: "app", secret: "app", database: "shop" });
  expect(await resolved(stub.uri)).toBe("postgres://app:@db:1/shop");
  expect(stub.ready).toEqual([]);
});
