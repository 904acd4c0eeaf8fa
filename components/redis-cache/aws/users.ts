import { User } from "@pulumi/aws/elasticache/user.js";
import { UserGroup } from "@pulumi/aws/elasticache/userGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import { generatePassword } from "../../../src/core/credentials.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { RedisModel } from "../model.ts";
import { userInputs } from "./group.ts";

/** The users of the application and of whoever watches it, and the one that everybody would be who names none, which is off: nobody is told its password. */
export function users(
  context: AwsContext,
  component: pulumi.Resource,
  spec: SystemSpec,
  known: Readonly<Record<"app" | "monitor", pulumi.Output<string>>>,
): UserGroup {
  const { name } = spec;
  const model = spec.model as RedisModel;
  const passwords = { ...known, default: generatePassword(component, `${name}-off-password`, context.protects(name)) };
  const made = (["default", "app", "monitor"] as const).map((who) => {
    const part = `${name}-user-${who}`;
    const inputs = userInputs(who, model, context.name(part, "cacheUser"), passwords[who], context.tags(name, "access", part));
    return quietly(() => new User(part, inputs, context.place(component, { deleteBeforeReplace: true })));
  });
  return quietly(
    () =>
      new UserGroup(
        `${name}-users`,
        {
          engine: model.engine,
          userGroupId: context.name(`${name}-users`, "cacheUser"),
          userIds: made.map(({ userId }) => userId),
          tags: context.tags(name, "access", `${name}-users`),
        },
        context.place(component, { deleteBeforeReplace: true }),
      ),
  );
}
