import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PortSpec } from "../../../../src/core/workload.ts";
import { portName, versionOf } from "../../../../src/platforms/kubernetes/manifests/names.ts";
import { literal } from "../../../../src/platforms/kubernetes/manifests/text.ts";

const port = (protocol: PortSpec["protocol"]): PortSpec => ({ port: 1, protocol, published: false });

describe("names of ports", () => {
  test("begin with what a mesh must know", () => {
    const named = [
      portName("http", port("http")),
      portName("sql", port("postgres")),
      portName("monitor", port("http")),
      portName("tcp", port("tcp")),
      portName("http", port("tcp")),
      portName("sqs", port("sqs")),
    ];
    expect(named).toEqual(["http", "tcp-sql", "http-monitor", "tcp", "tcp-http", "http-sqs"]);
  });

  test("are names that Kubernetes takes, whatever the port is called, and differ when the ports do", () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,7})?$/);
    const protocol = fc.constantFrom<PortSpec["protocol"]>("http", "tcp", "postgres", "nats", "redis", "sqs");
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 2, maxLength: 4 }), protocol, (keys, spoken) => {
        const all = keys.map((each) => portName(each, port(spoken)));
        for (const name of all) {
          expect(name).toMatch(/^(?=.*[a-z])[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9]))*$/);
          expect(name.length).toBeLessThanOrEqual(15);
        }
        expect(new Set(all).size).toBe(keys.length);
      }),
    );
  });
});

test("the version label is the tag, where it can be one", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  expect(versionOf("docker.io/library/postgres:16.15-alpine")).toBe("16.15-alpine");
  expect(versionOf(`127.0.0.1:5000/web:1.2.3@${digest}`)).toBe("1.2.3");
  expect(versionOf(`registry.example/web@${digest}`)).toBeUndefined();
  expect(versionOf("registry.example:5000/web")).toBeUndefined();
  expect(versionOf("registry.example/web:1.0_")).toBeUndefined();
});

/** As the kubelet reads text: `$$` is a dollar, `$(NAME)` a variable, if there is one. */
const asKubelet = (text: string, env: Readonly<Record<string, string>>) =>
  text.replace(/\$\$|\$\(([^)]*)\)/g, (found: string, name?: string) => (found === "$$" ? "$" : (env[name ?? ""] ?? found)));

test("text stays what it is, whatever dollars are in it", () => {
  const env = { A: "changed", "": "changed" };
  fc.assert(
    fc.property(fc.array(fc.constantFrom("$", "(", ")", "A", " ")), (parts) => {
      expect(asKubelet(literal(parts.join("")), env)).toBe(parts.join(""));
    }),
  );
  expect(literal("echo $(date) $HOME")).toBe("echo $$(date) $HOME");
});
