import { expect, test } from "vitest";
import { abandoned, type EngineState } from "../../../src/cli/engines/kept-data.ts";
import type { Plan } from "../../../src/preview/plan.ts";

const urn = (type: string, name: string) => `urn:pulumi:prod::shop::${type}::${name}`;
const cache = { urn: urn("groundplan:index:RedisCache", "cache"), type: "groundplan:index:RedisCache" };
const claim = {
  urn: urn("groundplan:index:RedisCache$kubernetes:core/v1:PersistentVolumeClaim", "cache-0-data"),
  type: "kubernetes:core/v1:PersistentVolumeClaim",
  parent: cache.urn,
  protect: true,
};
const password = {
  urn: urn("groundplan:index:RedisCache$random:index/randomPassword:RandomPassword", "cache-app-password"),
  type: "random:index/randomPassword:RandomPassword",
  parent: cache.urn,
  protect: true,
};
const service = {
  urn: urn("groundplan:index:RedisCache$kubernetes:core/v1:Service", "cache"),
  type: "kubernetes:core/v1:Service",
  parent: cache.urn,
};
const platform = { urn: urn("groundplan:index:AwsPlatform", "aws"), type: "groundplan:index:AwsPlatform" };
const key = {
  urn: urn("groundplan:index:AwsPlatform$aws:kms/key:Key", "messages-key"),
  type: "aws:kms/key:Key",
  parent: platform.urn,
  protect: true,
};

const all = [cache, claim, password, service, platform, key];
const state = (...resources: object[]) => ({ deployment: { resources } }) as EngineState;
const planned = (...resources: { urn: string }[]) => ({ resources }) as unknown as Plan;
const prod = { stack: "prod", copy: "prod" };

test("a component that was taken out with its data is told once, with the command that has the steps", () => {
  expect(abandoned(state(...all), planned(platform, key), prod)).toEqual([
    {
      component: "cache",
      path: "",
      value: ["cache-0-data", "cache-app-password"],
      rule: expect.stringContaining("until it is retired"),
      fix: "put cache back, and follow the two steps of: groundplan retire cache --env prod",
      code: "GP204",
    },
  ]);
  const [copy] = abandoned(state(...all), planned(platform, key), { stack: "dev-two", copy: "dev --isolation two" });
  expect(copy?.fix).toContain("groundplan retire cache --env dev --isolation two");
});

test("a component that was retired, and is no longer protected in the state, may go", () => {
  const retired = [cache, { ...claim, protect: false }, { ...password, protect: false }, service, platform, key];
  expect(abandoned(state(...retired), planned(platform, key), prod)).toEqual([]);
});

test("protected data that a component of the plan would keep elsewhere is told with the way to give it up", () => {
  expect(abandoned(state(...all), planned(cache, password, service, platform, key), prod)).toEqual([
    {
      component: "stack",
      path: "cache-0-data",
      value: "PersistentVolumeClaim",
      rule: expect.stringContaining("cache would keep its data elsewhere"),
      fix: expect.stringContaining(`pulumi state unprotect '${claim.urn}' --stack prod`),
      code: "GP204",
    },
  ]);
});

test("a key that nothing uses any more is left in the account, not deleted", () => {
  const [problem, ...more] = abandoned(state(...all), planned(cache, claim, password, service, platform), prod);
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ path: "messages-key", fix: expect.stringContaining(`pulumi state unprotect '${key.urn}' --stack prod`) });
});

test("a plan that has it all, and a stack that is not there yet, are right", () => {
  expect(abandoned(state(...all), planned(...all), prod)).toEqual([]);
  expect(abandoned({}, planned(), prod)).toEqual([]);
});
