import { expect, test } from "vitest";
import { natsOnCluster } from "../../../../components/nats-cluster/kubernetes/routes.ts";
import { isSecretText, shownText } from "../../../../src/core/text.ts";
import { groundSettings } from "../../../support/grounds.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";

const shaped = (profile: string) => {
  const settings = settingsOf({ profile, ...groundSettings.kubernetes });
  const spec = soundSpec("NatsCluster", "bus", {}, settings);
  return { spec, made: natsOnCluster.shape?.(spec, settings) };
};

test("one node has no routes and stays as it is", () => {
  const { spec, made } = shaped("dev");
  expect(made).toBe(spec);
});

test("three nodes speak TLS among themselves, under names for which their certificate holds", () => {
  const { spec, made } = shaped("prod");
  const [server] = made?.workloads ?? [];
  const config = shownText(server?.files.find(({ path }) => path.endsWith("/nats.conf"))?.content ?? "");
  expect(config).toMatch(
    /tls \{\s+cert_file: "\/etc\/groundplan\/route.pem"\s+key_file: "\/etc\/groundplan\/route-key.pem"\s+ca_file: "\/etc\/groundplan\/route-ca.pem"\s+verify: true\s+timeout: 5\s+\}/,
  );
  expect([...config.matchAll(/nats-route:\/\/(.*)$/gm)].map(([, route]) => route)).toEqual(
    [0, 1, 2].map((node) => `route:[route]@bus-${node}.bus-nodes:6222`),
  );
  expect(config).toContain("advertise: $ROUTE_ADDRESS");
  expect(server?.command).toEqual([
    "sh",
    "-c",
    'export ROUTE_ADDRESS="$SERVER_NAME.bus-nodes:6222"; exec nats-server --config /etc/groundplan/nats.conf',
  ]);
  // The key is never in a ConfigMap.
  const pem = server?.files.filter(({ path }) => path.endsWith(".pem")) ?? [];
  expect(pem.map(({ path, content }) => [path, isSecretText(content) && content.parts])).toEqual([
    ["/etc/groundplan/route.pem", [{ secret: "route-certificate" }]],
    ["/etc/groundplan/route-key.pem", [{ secret: "route-key" }]],
    ["/etc/groundplan/route-ca.pem", [{ secret: "route-ca" }]],
  ]);
  expect(made?.digest).toEqual(spec.digest);
});
