import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  dataVolumeInputs,
  instanceInputs,
  launchTemplateInputs,
  machineImage,
  type NodeSurroundings,
  natsProblems,
} from "../../../../components/nats-cluster/aws/node.ts";
import { nodeScript } from "../../../../components/nats-cluster/aws/node-script.ts";
import { userData } from "../../../../components/nats-cluster/aws/user-data.ts";
import { drain, serverConfig } from "../../../../components/nats-cluster/config.ts";
import type { NatsModel } from "../../../../components/nats-cluster/model.ts";
import { profiles } from "../../../../src/config/profiles.ts";
import { shownText } from "../../../../src/core/text.ts";
import { settingsOf, specs } from "../../../support/settings.ts";

const { dev, prod } = profiles;
const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

const model = (over: Partial<NatsModel> = {}): NatsModel => ({
  replicas: 3,
  streams: {},
  deadLetters: true,
  maxPayloadKiB: 1024,
  memoryMiB: 2048,
  storageGiB: 100,
  aws: {},
  ...over,
});

const around: NodeSurroundings = {
  name: "shop-bus-0",
  securityGroup: "sg-1",
  instanceProfile: "profile",
  dataKey: "data-key",
  userData: "c2NyaXB0",
  tags: { a: "b" },
};

describe("a node", () => {
  test("has no way in but its ports: metadata by token only, no key, no public address, disks encrypted", () => {
    expect(launchTemplateInputs(model(), prod, around)).toEqual({
      name: "shop-bus-0",
      description: "A NATS node: Amazon Linux 2023, one container, its data on a volume of its own",
      updateDefaultVersion: true,
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      instanceType: "m7g.large",
      ebsOptimized: "true",
      iamInstanceProfile: { arn: "profile" },
      vpcSecurityGroupIds: ["sg-1"],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1, instanceMetadataTags: "disabled" },
      monitoring: { enabled: true },
      maintenanceOptions: { autoRecovery: "default" },
      disableApiTermination: true,
      instanceInitiatedShutdownBehavior: "stop",
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeType: "gp3", volumeSize: 16, encrypted: "true", kmsKeyId: "data-key", deleteOnTermination: "true" } },
      ],
      tagSpecifications: [
        { resourceType: "instance", tags: { a: "b" } },
        { resourceType: "volume", tags: { a: "b" } },
      ],
      userData: "c2NyaXB0",
      tags: { a: "b" },
    });
  });

  test("is not touched by a change of its template: it names none of its versions", () => {
    expect(instanceInputs("lt-1", "subnet-1", { a: "b" })).toEqual({
      launchTemplate: { id: "lt-1", version: "$Latest" },
      subnetId: "subnet-1",
      forceDestroy: true,
      tags: { a: "b" },
    });
  });

  test.each([
    ["t4g.small", "arm64"],
    ["m7i.large", "x86_64"],
  ])("%s starts an image for %s", (type, architecture) => expect(machineImage(type)).toMatch(new RegExp(`-${architecture}$`)));

  test("keeps its data on a volume that holds what the server may use", () => {
    expect(dataVolumeInputs(model(), prod, "eu-central-1b", "data-key", { a: "b" })).toEqual({
      availabilityZone: "eu-central-1b",
      size: 106,
      type: "gp3",
      encrypted: true,
      kmsKeyId: "data-key",
      finalSnapshot: true,
      tags: { a: "b" },
    });
    expect(dataVolumeInputs(model(), dev, "eu-central-1b", "data-key", {})).toMatchObject({ finalSnapshot: false });
  });
});

describe("what a node is told", () => {
  const facts = {
    node: "bus-0",
    address: "bus-0.shop.internal",
    region: "eu-central-1",
    secret: "arn:aws:secretsmanager:x",
    volume: "vol-0abc",
    logGroup: "/shop/bus",
    metrics: "shop/nats",
  };
  const shell = (script: string) => spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });

  test("is the same for the same facts, and short enough", () => {
    expect(userData(facts)).toBe(userData({ ...facts }));
    expect(userData(facts)).not.toBe(userData({ ...facts, node: "bus-1" }));
    // EC2 takes 16 KiB before they are encoded.
    expect(Buffer.byteLength(userData(facts))).toBeLessThan(16 * 1024);
  });

  test("is a script that a shell understands, and so is what it writes", () => {
    expect(shell(userData(facts))).toMatchObject({ status: 0, stderr: "" });
    expect(shell(nodeScript(drain))).toMatchObject({ status: 0, stderr: "" });
  });

  test("runs one confined container, and formats nothing that is not empty", () => {
    const script = nodeScript(drain);
    for (const option of ["--read-only", "--cap-drop ALL", "--security-opt no-new-privileges", "--user 1000:1000", "--pids-limit", "--memory-swap"])
      expect(script).toContain(option);
    expect(script.match(/mkfs/g)).toHaveLength(1);
    expect(script).toMatch(/blkid -p "\$device" >\/dev\/null \|\| found=\$\?\s+case \$found in\s+0\) ;;\s+2\) [^\n]*mkfs\.xfs "\$device"/);
    expect(script).toContain("docker exec nats nats-server --signal ldm=/tmp/nats.pid");
  });

  test("keeps the container away from the machine's credentials, and from its own log", () => {
    const script = nodeScript(drain);
    // On the machine's own network it would be no hop away from the metadata.
    expect(script).not.toContain("--network host");
    for (const port of [4222, 6222, 8222]) expect(script).toContain(`--publish ${port}:${port}`);
    expect(script).toContain("--log-opt mode=non-blocking");
    // A machine of one CPU refuses a container with two.
    expect(script).not.toContain("--cpus");
  });

  test("tells how full the volume is, every five minutes, and nothing while there is none", () => {
    const [, disk = ""] = /(\ndisk\(\) \{[\s\S]*?\n\})/.exec(nodeScript(drain)) ?? [];
    const df = "df() { printf 'Use%%\\n 83%%\\n'; }";
    const told = (mounted: boolean) =>
      spawnSync("bash", ["--norc", "-euo", "pipefail", "-c", `mountpoint() { ${mounted}; }; ${df}; aws() { echo "aws $*"; }${disk}\ndisk`], {
        encoding: "utf8",
        env: { ...process.env, REGION: "eu-central-1", METRICS: "shop/nats", NODE: "bus-0" },
      });
    const line = "--metric-name DataVolumeUsed --unit Percent --value 83 --dimensions Node=bus-0";
    expect(told(true)).toMatchObject({
      status: 0,
      stdout: `aws cloudwatch put-metric-data --region eu-central-1 --namespace shop/nats ${line}\n`,
    });
    expect(told(false)).toMatchObject({ status: 0, stdout: "" });
    expect(userData(facts)).toContain("OnCalendar=*:0/5");
    expect(userData(facts)).toContain("systemctl enable --now groundplan-nats-disk.timer");
  });

  test.each([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/hub/library/nats:2", "eu-west-1", "123456789012.dkr.ecr.eu-west-1.amazonaws.com"],
    ["123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/nats:2", "us-east-1", "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com"],
    ["docker.io/library/nats:2", undefined, undefined],
  ])("logs in to the registry of %s, in its region, only if it is one of ECR", (image, region, registry) => {
    const [, login = ""] = /( {2}case \$image in[\s\S]*?esac)/.exec(nodeScript(drain)) ?? [];
    const stubs = 'aws() { echo "aws $*" >&2; }; docker() { echo "docker $*" >&2; cat >/dev/null; }; REGION=eu-central-1';
    const { stderr, status } = spawnSync("bash", ["--norc", "-euc", `${stubs}; image=${image}\n${login}`], { encoding: "utf8" });
    expect(status).toBe(0);
    const lines = stderr.trim().split("\n").filter(Boolean).toSorted();
    expect(lines).toEqual(
      region ? [`aws ecr get-login-password --region ${region}`, `docker login --username AWS --password-stdin ${registry}`] : [],
    );
  });
});

describe("routes between nodes", () => {
  const server = { name: "bus", replicas: 3, memoryMiB: 512, storageGiB: 20, maxPayloadKiB: 1024 };

  test("that share a network with others are encrypted, by full names", () => {
    const config = shownText(serverConfig({ ...server, apart: { domain: "shop-prod.internal", folder: "/etc/groundplan" } }));
    for (const index of [0, 1, 2]) expect(config).toContain(`nats-route://route:[route]@bus-${index}.shop-prod.internal:6222`);
    expect(config).toContain("advertise: $ROUTE_ADDRESS");
    expect(nodeScript(drain)).toContain('--env "ROUTE_ADDRESS=$ADDRESS:6222"');
    expect(config).toMatch(/cluster \{[\s\S]*tls \{[\s\S]*verify: true[\s\S]*routes: \[/);
  });

  test("on a network of their own are as they were", () => {
    const config = shownText(serverConfig(server));
    expect(config).toContain("nats-route://route:[route]@bus-0:6222");
    expect(config).not.toMatch(/tls|ROUTE_ADDRESS/);
  });

  test("a single node has none", () => {
    expect(shownText(serverConfig({ ...server, replicas: 1, apart: { domain: "d", folder: "/f" } }))).not.toMatch(/cluster|tls/);
  });
});

describe("problems", () => {
  test("a type that is none", () => {
    for (const instanceType of ["db.m7g.large", "t4g.nano", "m7g"]) {
      const { problems } = specs.NatsCluster("bus", { aws: { instanceType } }, settingsOf());
      expect(problems.map(({ path }) => path)).toEqual(["aws.instanceType"]);
    }
  });

  test("memory that leaves nothing for the system, and too few zones", () => {
    expect(natsProblems("bus", model({ memoryMiB: 7600 }), prod, zones.slice(0, 2)).map(({ path, rule }) => [path, rule])).toEqual([
      ["memoryMiB", "at most what m7g.large has (8192 MiB) less 768 MiB for the system"],
      ["replicas", "a zone for each node; aws.zones names 2"],
    ]);
    expect(natsProblems("bus", model(), prod, zones)).toEqual([]);
  });

  test("more disk than a volume has", () => {
    expect(natsProblems("bus", model({ storageGiB: 65_000 }), prod, zones).map(({ path }) => path)).toEqual(["storageGiB"]);
    expect(natsProblems("bus", model({ storageGiB: 62_414 }), prod, zones)).toEqual([]);
  });
});
