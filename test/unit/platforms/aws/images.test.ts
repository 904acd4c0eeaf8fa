import { describe, expect, test } from "vitest";
import { originOf } from "../../../../src/platforms/aws/images.ts";

const digest = `sha256:${"0".repeat(64)}`;

describe("where an image is pulled from", () => {
  test.each([
    ["123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:1.0.0", "shop/api"],
    [`123456789012.dkr.ecr.eu-central-1.amazonaws.com/api@${digest}`, "api"],
    [`123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub/library/alpine:3.22@${digest}`, "hub/library/alpine"],
    ["123456789012.dkr.ecr-fips.eu-central-1.amazonaws.com/api:1.0.0", "api"],
  ])("%s is in ECR", (reference, repository) => {
    expect(originOf(reference)).toEqual({ kind: "ecr", account: "123456789012", region: "eu-central-1", repository });
  });

  test.each([
    ["docker.io/library/alpine:3.22", "docker.io"],
    ["acme/api:1.0.0", "docker.io"],
    ["api:1.0.0", "docker.io"],
    ["ghcr.io/acme/api:1.0.0", "ghcr.io"],
    ["localhost:5000/api:1.0.0", "localhost:5000"],
    ["public.ecr.aws/docker/library/alpine:3.22", "public.ecr.aws"],
    ["123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example/api:1.0.0", "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example"],
  ])("%s is not", (reference, registry) => {
    expect(originOf(reference)).toEqual({ kind: "internet", registry });
  });
});
