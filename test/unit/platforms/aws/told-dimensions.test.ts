import { expect, test } from "vitest";
import type { AwsContext } from "../../../../src/platforms/aws/context.ts";
import { tellDimensions, toldDimensions } from "../../../../src/platforms/aws/told-dimensions.ts";

test("what a component told of its dimensions is read by its name alone, and only within its stack", () => {
  const stack = () => {
    const made = new Map<string, unknown>();
    const once = (key: string, make: () => unknown) => {
      if (!made.has(key)) made.set(key, make());
      return made.get(key);
    };
    return { once } as unknown as AwsContext;
  };
  const [one, other] = [stack(), stack()];
  tellDimensions(one, "gateway", { LoadBalancer: "app/gateway/0a1b" });
  expect(toldDimensions(one, "gateway")).toEqual({ LoadBalancer: "app/gateway/0a1b" });
  expect(toldDimensions(one, "api")).toEqual({});
  expect(toldDimensions(other, "gateway")).toEqual({});
});
