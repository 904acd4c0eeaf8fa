import { everythingOnAws } from "../support/aws/everything.ts";
import { describeAwsPlan } from "../support/aws/plan-rules.ts";
import { receivers, watchedOnAws } from "../support/aws/watched.ts";
import { profiles, starterOn } from "../support/grounds.ts";

const keyUsers = ["logs-key logs.eu-central-1.amazonaws.com", "messages-key sns.amazonaws.com"];
const atLeast = { tasks: 4 };

for (const profile of profiles) {
  describeAwsPlan(`the starter on AWS, profile ${profile}`, () => starterOn("aws", profile), {
    profile,
    prefix: `groundplan-${profile}`,
    keyUsers,
    atLeast,
  });
}

describeAwsPlan("the starter on AWS, prod with everything that is offered", everythingOnAws, {
  profile: "prod",
  prefix: "groundplan-prod",
  keyUsers,
  atLeast,
});

describeAwsPlan(
  "a watched stack on AWS, prod",
  () => watchedOnAws("prod", { receivers, aws: { prometheus: true, grafana: { authentication: "sso" } } }),
  {
    profile: "prod",
    prefix: "groundplan-prod",
    keyUsers: ["alerts-key aps.amazonaws.com", "alerts-key cloudwatch.amazonaws.com", ...keyUsers],
    atLeast,
  },
);
