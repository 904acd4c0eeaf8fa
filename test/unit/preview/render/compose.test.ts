import { describe, expect, test } from "vitest";
import type { Plan } from "../../../../src/preview/plan.ts";
import { renderCompose } from "../../../../src/preview/render/compose.ts";
import { container, planWith, resource } from "../plans.ts";
import { rendered } from "./rendered.ts";

const service = (plan: Plan, name: string) => rendered(plan).read.services[`shop-dev-${name}`];

describe("a plan as a Compose file", () => {
  test("an input that it cannot say is refused by name, never dropped", () => {
    const plan = planWith([container("api", "server", { dnsOpts: ["ndots:1"], gpus: "all", memory: 64 })]);
    const refused = (value: string) => expect.objectContaining({ component: "api", path: "api", value, code: "GP329" });
    expect(() => renderCompose(plan)).toThrow(expect.objectContaining({ problems: [refused("dnsOpts"), refused("gpus")] }));
  });

  test("jobs that nobody waits for get a service that does", () => {
    const server = container("db", "server");
    const awaited = container("db-first", "job", {}, [server]);
    const loose = [container("db-last", "job", {}, [awaited]), container("bus-last", "job")];
    const made = rendered(planWith([server, awaited, ...loose])).read.services["shop-dev-jobs"];
    expect(made).toMatchObject({
      depends_on: {
        "shop-dev-bus-last": { condition: "service_completed_successfully" },
        "shop-dev-db-last": { condition: "service_completed_successfully" },
      },
      network_mode: "none",
      read_only: true,
      cap_drop: ["ALL"],
    });
    expect(Object.keys(made?.depends_on as object)).not.toContain("shop-dev-db-first");
  });

  test("without such a job there is no such service; a check, which runs when asked, is none", () => {
    const server = container("db", "server");
    const job = container("db-job", "job", {}, [server]);
    const plan = planWith([server, job, container("api", "server", {}, [job]), container("db-check", "check", { start: false }, [server])]);
    expect(Object.keys(rendered(plan).document.services).toSorted()).toEqual(["shop-dev-api", "shop-dev-db", "shop-dev-db-check", "shop-dev-db-job"]);
    expect(service(plan, "db-check")).toMatchObject({ profiles: ["verify"] });
  });

  test("gates are kept: healthy servers, finished jobs and carriers, and started where there is no health check", () => {
    const healthcheck = { tests: ["CMD", "true"], interval: "5s", timeout: "1s", retries: 3, startPeriod: "0s" };
    const before = [
      container("db", "server", { healthcheck }),
      container("old", "server"),
      container("db-job", "job"),
      container("api-carrier", "files"),
    ];
    expect(service(planWith([...before, container("api", "server", {}, before)]), "api")?.depends_on).toEqual({
      "shop-dev-db": { condition: "service_healthy" },
      "shop-dev-old": { condition: "service_started" },
      "shop-dev-db-job": { condition: "service_completed_successfully" },
      "shop-dev-api-carrier": { condition: "service_completed_successfully" },
    });
  });

  test("an image is built once, by a service that up starts: its other services take what is there", () => {
    const image = "shop-dev-api:1";
    const built = resource("docker:index/image:Image", "image-api", {
      imageName: image,
      build: { context: "/src/api", dockerfile: "/src/api/Dockerfile", args: {} },
    });
    const carrier = container("api-carrier", "files", { image });
    const server = container("api", "server", { image }, [carrier]);
    const check = container("api-check", "check", { image, start: false }, [server]);
    const { services } = rendered(planWith([built, check, carrier, server])).read;
    const builders = Object.keys(services).filter((name) => services[name]?.build !== undefined);
    expect(builders).toEqual(["shop-dev-api-carrier"]);
    expect(services["shop-dev-api"]).toMatchObject({ image, pull_policy: "never" });
    expect(services["shop-dev-api-check"]).toMatchObject({ image, pull_policy: "never" });
  });

  test("networks, volumes and images keep their names; the engine's label tells the truth", () => {
    const labels = [
      { label: "io.groundplan.stack", value: "shop-dev" },
      { label: "io.groundplan.engine", value: "pulumi" },
    ];
    const network = resource("docker:index/network:Network", "db-network", {
      name: "shop-dev-db",
      driver: "bridge",
      internal: true,
      ipamConfigs: [{ subnet: "10.1.2.0/28" }],
      labels,
    });
    const volume = resource("docker:index/volume:Volume", "db-data", { name: "shop-dev-db-data", labels });
    const image = resource(
      "docker:index/remoteImage:RemoteImage",
      "image",
      { name: "registry.example/db:1.0" },
      { outputs: { imageId: "sha256:1" } },
    );
    const inputs = {
      image: "sha256:1",
      labels,
      networksAdvanced: [{ name: "shop-dev-db", aliases: ["db"] }],
      volumes: [{ volumeName: "shop-dev-db-data", containerPath: "/data", readOnly: true }],
    };
    const { document } = rendered(planWith([network, volume, image, container("db", "server", inputs)]));
    expect(document).toMatchObject({
      name: "shop-dev",
      services: {
        "shop-dev-db": {
          image: "registry.example/db:1.0",
          container_name: "shop-dev-db",
          networks: { "db-network": { aliases: ["db"] } },
          volumes: [{ type: "volume", source: "db-data", target: "/data", read_only: true }],
          labels: { "io.groundplan.engine": "compose" },
        },
      },
      networks: {
        "db-network": {
          name: "shop-dev-db",
          internal: true,
          ipam: { config: [{ subnet: "10.1.2.0/28" }] },
          labels: { "io.groundplan.engine": "compose" },
        },
      },
      volumes: { "db-data": { name: "shop-dev-db-data", labels: { "io.groundplan.engine": "compose" } } },
    });
  });
});
