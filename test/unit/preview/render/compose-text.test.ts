import { describe, expect, test } from "vitest";
import { container, planWith } from "../plans.ts";
import { rendered } from "./rendered.ts";

/** A variable as Compose and shells write it. */
const braces = (name: string) => `\${${name}}`;

describe("texts of a plan in a Compose file", () => {
  test("a dollar sign means itself in commands, labels, environment, health checks and files", () => {
    const inputs = {
      command: ["sh", "-c", `echo $HOME $$ ${braces("PATH:-none")} $(date)`],
      entrypoints: ["$0"],
      envs: ["PRICE=5$", `TEMPLATE=${braces("name")} and $other`, "EQUALS=a=b$=c"],
      labels: [
        { label: "io.groundplan.stack", value: "shop-dev" },
        { label: "rule", value: "^/[a-z]+$" },
      ],
      healthcheck: { tests: ["CMD-SHELL", "test $(id -u) != $$"], interval: "5s", timeout: "1s", retries: 3, startPeriod: "0s" },
    };
    const content = `log_format '$remote_addr $$ ${braces("x")}';`;
    const carrier = container("api-carrier", "files", { uploads: [{ file: "/etc/app/conf", content, permissions: "0444" }] });
    const { read, yaml } = rendered(planWith([container("api", "server", inputs), carrier]));
    expect(read.services["shop-dev-api"]).toMatchObject({
      command: inputs.command,
      entrypoint: inputs.entrypoints,
      environment: { PRICE: "5$", TEMPLATE: `${braces("name")} and $other`, EQUALS: "a=b$=c" },
      labels: { rule: "^/[a-z]+$" },
      healthcheck: { test: inputs.healthcheck.tests },
    });
    expect(read.configs["shop-dev-api-carrier-0"]).toEqual({ content });
    expect(yaml).toContain("5$$");
  });

  test("secrets are in .env alone, which only its owner reads", () => {
    const value = "Zq8bT1xYp0LmN4vR";
    const inputs = { envs: [`URL=postgres://app:${value}@db:5432/app`, "TOKEN=brought $along"], command: ["--password", value] };
    const made = rendered(
      planWith([container("api", "server", inputs, [], { secretInputs: ["envs[0]", "envs[1]"] })], [{ name: "db-app-password", urn: "u", value }]),
    );
    expect(made.yaml).not.toMatch(/Zq8bT1xYp0LmN4vR|brought/);
    expect(made.yaml).toContain(braces("DB_APP_PASSWORD"));
    expect(made.variables).toEqual({ API_TOKEN: "brought $along", DB_APP_PASSWORD: value });
    expect(made.read.services["shop-dev-api"]).toMatchObject({
      environment: { URL: `postgres://app:${value}@db:5432/app`, TOKEN: "brought $along" },
      command: ["--password", value],
    });
    expect(made.files.map(({ path, mode }) => `${path} ${mode.toString(8)}`)).toEqual(["compose.yaml 644", ".env 600"]);
  });
});
