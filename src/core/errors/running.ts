import type { ErrorEntry } from "./entry.ts";

/** GP4xx: what runs, or should. */
export const running = {
  GP401: {
    title: "Something did not become ready",
    meaning:
      "The engine did its part, and something of the stack is not ready: it ended, or its health check fails. The message has its last health output and log lines. What is ready stays, and data is kept.",
    causes: [
      "an image that ends at once",
      "a service that cannot reach what it needs, or whose health path is another one",
      "too little memory (code 137)",
    ],
    fix: ["Read the lines under its name in the message.", "Correct the cause, then `groundplan up <environment>` again: it goes on where it was."],
    exit: 2,
    since: "0.2.0",
  },
  GP402: {
    title: "Something did not come down",
    meaning: "A container, network, volume or resource is still there. Everything that the message does not name is gone.",
    causes: ["something outside of the stack uses it", "the daemon, the cluster or the account refused to delete it"],
    fix: ["The message names it; see who uses it: `docker ps --all --filter volume=<name>`", "Then `groundplan down <environment>` again."],
    exit: 2,
    since: "0.2.0",
  },
  GP403: {
    title: "Nothing runs",
    meaning: "The command looks at what runs, and nothing of this environment does.",
    causes: ["it was not started, or was taken down", "it is a copy with another key of isolation"],
    fix: ["Start it: `groundplan up <environment>`"],
    exit: 2,
    since: "0.2.0",
  },
  GP404: {
    title: "An image cannot be pulled",
    meaning: "The registry answers, and does not give the image. What was ready before that stays.",
    causes: ["no such repository or version there", "a private repository, and no login", "a mirror that does not have it"],
    fix: [
      "Ask for it alone: `docker pull <image>`, with the image that the message names.",
      "Correct it under `images` in the stack file, or log in: `docker login <registry>`. Then `groundplan up <environment>` again.",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP405: {
    title: "The disk is full",
    meaning: "Something could not write because no space is left: the disk of the daemon, or a volume of its own size. Data that is written stays.",
    causes: ["images, build caches and old volumes fill the daemon's disk", "the volume of a component is smaller than its data"],
    fix: [
      "See what takes it: `docker system df`, and `df -h` on the daemon's machine.",
      "Delete what nobody needs: `docker image prune`, `docker builder prune`; or give the volume more. Then `groundplan up <environment>` again.",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP406: {
    title: "The command was interrupted",
    meaning:
      "Ctrl-C or a signal ended the command on its way. The engine was told and has let go of its lock; what was made until then runs on, and data and the credentials that open it are kept.",
    causes: ["Ctrl-C", "SIGTERM, e.g. of a pipeline that was cancelled"],
    fix: ["Go on where it was: `groundplan up <environment>`", "Or take down what is there: `groundplan down <environment>`"],
    exit: 130,
    since: "0.2.0",
  },
  GP407: {
    title: "The Docker daemon went away",
    meaning:
      "The daemon answered when the command began, and stopped answering on the way. Data is kept; what was half made is made anew by the next run.",
    causes: ["the daemon was restarted or upgraded", "Docker Desktop was closed, or the way to a daemon elsewhere broke"],
    fix: ["Wait until `docker version` shows a server, then run the same command again: it goes on where it was."],
    exit: 2,
    since: "0.2.0",
  },
  GP410: {
    title: "The container cannot run the command",
    meaning: "The component runs, and its image does not have the program that was asked for, or may not run it. Nothing was changed.",
    causes: ["an image without a shell or without that program", "a path that is another one in the image"],
    fix: ["Name a program of that image, or another part of the component with `--part`; `groundplan status` names the parts."],
    exit: 2,
    since: "0.2.0",
  },
} as const satisfies Record<string, ErrorEntry>;
