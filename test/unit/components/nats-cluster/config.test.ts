import { describe, expect, test } from "vitest";
import { serverConfig } from "../../../../components/nats-cluster/config.ts";
import { shownText } from "../../../../src/core/text.ts";

const args = { name: "bus", memoryMiB: 256, storageGiB: 5, maxPayloadKiB: 1024 };
const one = shownText(serverConfig({ ...args, replicas: 1 }));
const three = shownText(serverConfig({ ...args, replicas: 3 }));

describe.each([
  ["one node", one],
  ["three nodes", three],
])("%s", (_, config) => {
  test("blocks are closed", () => {
    for (const [open, close] of ["{}", "[]"]) expect(config.split(open as string).length).toBe(config.split(close as string).length);
  });
  test("nobody is anonymous, and every password is one that the platform puts in", () => {
    expect(config).not.toContain("no_auth_user");
    expect([...config.matchAll(/password: "(.*?)"/g)].map(([, password]) => password)).toEqual(expect.arrayContaining(["[app]", "[system]"]));
    expect(config.replace(/password: "\[(app|system|route)\]"/g, "")).not.toContain("password");
  });
  test("the server stays within its limits", () => {
    expect(config).toMatch(/max_memory_store: 64MB\n/);
    expect(config).toMatch(/max_file_store: 5GB\n/);
    expect(config).toMatch(/max_payload: 1024KB\n/);
  });
  test("JetStream belongs to the application, the system account is apart", () => {
    expect(config.match(/jetstream: enabled/g)).toHaveLength(1);
    expect(config).toMatch(/APP \{\s+jetstream: enabled/);
    expect(config).toMatch(/^system_account: SYS$/m);
  });
});

test("one node opens no route", () => expect(one).not.toMatch(/cluster|route|6222/));

test("three nodes know all three by their stable names, with a password of their own", () => {
  expect([...three.matchAll(/nats-route:\/\/(.*)$/gm)].map(([, route]) => route)).toEqual([0, 1, 2].map((node) => `route:[route]@bus-${node}:6222`));
  expect(three).toContain('authorization { user: route, password: "[route]" }');
  expect(three).toMatch(/^ {2}name: bus$/m);
  expect(three.startsWith(one)).toBe(true);
});
