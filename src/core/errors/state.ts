import type { ErrorEntry } from "./entry.ts";

/** GP2xx: the state of an environment, and the engine that it belongs to. */
export const state = {
  GP201: {
    title: "The environment belongs to another engine",
    meaning: "One environment belongs to one engine, the one that made it first: the other does not know what is there. Nothing was changed.",
    causes: ["--engine names the other one", "the Pulumi CLI was installed or removed since, on another machine"],
    fix: [
      "Go on with the engine that the message names.",
      "Or cross over: `groundplan down <environment>`, then `groundplan up <environment> --engine <other>`; data is kept.",
    ],
    exit: 3,
    since: "0.2.0",
  },
  GP202: {
    title: "It is not said where the state is, or what encrypts it",
    meaning: "An environment in a cluster or an account outlives this machine, so its state needs a place that others reach, and a key.",
    causes: ["no backend in this shell, in Pulumi.yaml or by a login", "no passphrase and no secrets provider"],
    fix: [
      "Name the backend: `export PULUMI_BACKEND_URL=s3://<bucket>`, or backend.url in Pulumi.yaml, or `pulumi login`.",
      "Name the key: `secretsprovider` in the stack file, or a passphrase in `PULUMI_CONFIG_PASSPHRASE_FILE`.",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP203: {
    title: "The state could not be made",
    meaning: "The engine refused to make, or to open, the stack in its backend. Nothing was created.",
    causes: ["no rights in the backend", "the backend does not answer", "the secrets provider refuses this user"],
    fix: ["The message has the engine's words; ask it alone: `pulumi stack ls`"],
    exit: 2,
    since: "0.2.0",
  },
  GP204: {
    title: "Protected data would be left behind",
    meaning: "The stack has data, or what opens it, that the plan has no more. Nothing was changed, because nobody said yet that the data may go.",
    causes: ["a component was taken out of the topology before it was retired", "a component would keep its data elsewhere"],
    fix: ["Put it back, and follow the two steps of `groundplan retire <component> --env <environment>`."],
    exit: 3,
    since: "0.2.0",
  },
  GP205: {
    title: "The state is locked",
    meaning: "Another run of the engine works on this environment, or one was killed before it could give the lock back. Nothing was changed.",
    causes: ["somebody else runs up or down at this moment", "a run was killed (SIGKILL, power, a closed pipe)"],
    fix: [
      "The message says whose lock it is. Wait for that run, when there is one.",
      'When it is gone: `eval "$(groundplan env <environment>)"; pulumi cancel --yes --stack <stack>`, then go on with `groundplan up <environment>`.',
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP206: {
    title: "The passphrase does not open the state",
    meaning: "The secrets of the state are encrypted with another passphrase than the one that was given, or none was given. Nothing was changed.",
    causes: [
      "PULUMI_CONFIG_PASSPHRASE is of another environment",
      "the file .groundplan/<stack>/passphrase was deleted or written anew, and the state beside it was not",
    ],
    fix: [
      "Give the passphrase that the state was made with: `export PULUMI_CONFIG_PASSPHRASE_FILE=<file>`; on target docker put the old file back.",
      "When it is lost on target docker: `groundplan down <environment> --volumes --yes` deletes the environment with its data, and `up` makes it anew.",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP207: {
    title: "What runs is not in the state",
    meaning:
      "Containers of this environment run, and the state beside this checkout does not know them: the engine would make everything again, and fail halfway.",
    causes: ["the folder .groundplan was deleted", "another checkout started it"],
    fix: [
      "Go on in that checkout, or take it down here and start again: `groundplan down <environment>`, then `groundplan up <environment>`; data is kept.",
    ],
    exit: 3,
    since: "0.2.0",
  },
  GP208: {
    title: "This copy runs from another folder",
    meaning: "The containers were started from another folder, whose files they have mounted.",
    causes: ["a second checkout of the same project on this machine"],
    fix: ["Bring it down there, or start this one beside it: `groundplan up <environment> --isolation <key>`"],
    exit: 3,
    since: "0.2.0",
  },
} as const satisfies Record<string, ErrorEntry>;
