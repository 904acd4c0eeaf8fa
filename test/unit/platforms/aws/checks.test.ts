import { describe, expect, test } from "vitest";
import { formatProblems } from "../../../../src/core/problems.ts";
import type { AwsSettings } from "../../../../src/core/settings.ts";
import { settingsProblems, settingsWarnings } from "../../../../src/platforms/aws/checks.ts";
import { settingsOf } from "../../../support/settings.ts";

const sound: AwsSettings = { region: "eu-central-1", accountId: "123456789012", zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] };
const subnets = (...letters: string[]) => letters.map((letter) => `subnet-0000000${letter}`);
const vpc = { id: "vpc-00000000", public: subnets("1", "2", "3"), private: subnets("4", "5", "6"), data: subnets("7", "8", "9") };

const problemsOf = (aws: Partial<AwsSettings>, profile = "dev") =>
  settingsProblems(settingsOf({ target: "aws", profile, aws: sound, images: { api: "acme/api:1.0" } }), { ...sound, ...aws });
const paths = (aws: Partial<AwsSettings>, profile?: string) => problemsOf(aws, profile).map(({ path }) => path);

describe("settings of AWS", () => {
  test.each(["dev", "staging", "prod"])("nothing is wrong with a sound document, profile %s", (profile) => {
    expect(problemsOf({}, profile)).toEqual([]);
    expect(problemsOf({ vpc }, profile)).toEqual([]);
    expect(problemsOf({ region: "us-gov-west-1", zones: ["us-gov-west-1a", "us-gov-west-1b", "us-gov-west-1c"] }, profile)).toEqual([]);
  });

  test.each<[string, Partial<AwsSettings>, string[], string?]>([
    ["a region that is none", { region: "eu-middle-1" }, ["aws.region", "aws.zones[0]", "aws.zones[1]", "aws.zones[2]"]],
    ["a region in China", { region: "cn-north-1", zones: ["cn-north-1a", "cn-north-1b"] }, ["aws.region"]],
    ["zones of another region", { zones: ["eu-central-1a", "eu-west-1b"] }, ["aws.zones[1]"]],
    ["a zone twice", { zones: ["eu-central-1a", "eu-central-1a"] }, ["aws.zones[1]", "aws.zones"]],
    ["too few zones for prod", { zones: ["eu-central-1a", "eu-central-1b"] }, ["aws.zones"], "prod"],
    ["a public range", { cidr: "8.8.0.0/16" }, ["aws.cidr"]],
    ["a range that leaves the private one", { cidr: "172.32.0.0/16" }, ["aws.cidr"]],
    ["numbers that are no address", { cidr: "10.300.0.0/16" }, ["aws.cidr"]],
    ["a range that does not begin at its first address", { cidr: "10.20.1.0/16" }, ["aws.cidr"]],
    ["the range of Docker's own network", { cidr: "172.17.0.0/20" }, ["aws.cidr"]],
    [
      "an emulator's service that nothing calls",
      { endpoints: { sts: "http://127.0.0.1:5005", sqss: "http://127.0.0.1:5005" } },
      ["aws.endpoints.sqss"],
    ],
    ["a range that others have", { cidr: "10.64.0.0/16", takenCidrs: ["10.0.0.0/16", "10.64.128.0/20"] }, ["aws.cidr"]],
    ["the usual range, which others have", { takenCidrs: ["10.0.0.0/8"] }, ["aws.cidr"]],
    ["taken ranges that are none", { takenCidrs: ["10.0.0.300/16", "10.0.0.0/40"] }, ["aws.takenCidrs[0]", "aws.takenCidrs[1]"]],
    ["backups in the same region", { backupRegion: "eu-central-1" }, ["aws.backupRegion"]],
    ["a topic of another region", { alarmTopics: ["arn:aws:sns:eu-west-1:123456789012:alarms"] }, ["aws.alarmTopics[0]"]],
    ["an emulator for data that is kept", { endpoints: { sts: "http://127.0.0.1:5005" } }, ["aws.endpoints"], "prod"],
    ["an emulator that does not say who it is", { endpoints: { sqs: "http://127.0.0.1:5005" } }, ["aws.endpoints"]],
    ["an existing network with a range and a way out", { vpc, cidr: "10.20.0.0/16", nat: "one" }, ["aws.cidr", "aws.nat"]],
    ["a tier that lacks a zone", { vpc: { ...vpc, data: subnets("7", "8") } }, ["aws.vpc.data"]],
    ["a subnet in two tiers", { vpc: { ...vpc, data: subnets("6", "8", "9") } }, ["aws.vpc.data[0]"]],
  ])("%s", (_, aws, expected, profile) => {
    const problems = problemsOf(aws, profile);
    expect(problems.map(({ path }) => path)).toEqual(expected);
    for (const { rule, fix, origin } of problems) expect([rule, fix, origin].every(Boolean), formatProblems(problems)).toBe(true);
  });

  test("all of them come at once", () => {
    expect(paths({ region: "mars-1", cidr: "1.2.3.0/20", backupRegion: "mars-1", endpoints: {} }, "prod").length).toBeGreaterThan(6);
  });

  test("alarms that nobody hears are pointed out where data is guarded", () => {
    const settings = (profile: string) =>
      settingsOf({ target: "aws", profile, aws: sound, mirror: "123456789012.dkr.ecr.eu-central-1.amazonaws.com" });
    expect(settingsWarnings(settings("prod"), sound)).toEqual([expect.stringMatching(/^aws\.alarmTopics is empty/)]);
    expect(settingsWarnings(settings("prod"), { ...sound, alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"] })).toEqual([]);
    expect(settingsWarnings(settings("dev"), sound)).toEqual([]);
  });

  test("where data is guarded and no mirror stands in, the limit of Docker Hub is told", () => {
    const told = (profile: string) =>
      settingsWarnings(settingsOf({ target: "aws", profile, aws: sound }), {
        ...sound,
        alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"],
      });
    expect(told("staging")).toEqual([expect.stringMatching(/^mirror is not set: Docker Hub .* ECR/)]);
    expect(told("dev")).toEqual([]);
  });

  test("a network of somebody else's is told to be open where its endpoints are not known", () => {
    const [open, ...rest] = settingsWarnings(settingsOf({ target: "aws", profile: "dev", aws: sound }), { ...sound, vpc });
    expect(open).toMatch(/^aws\.vpc: .*port 443 everywhere/);
    expect(rest).toEqual([]);
  });
});
