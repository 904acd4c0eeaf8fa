import type { ErrorEntry } from "./entry.ts";

/** GP1xx: what must be on this machine, or answer it. */
export const machine = {
  GP101: {
    title: "No Docker daemon answers",
    meaning: "The command found out where the daemon should be, and nobody answers there. Nothing was created.",
    causes: ["Docker is not started", "DOCKER_HOST or the current context names another machine, or one that is away"],
    fix: [
      "Start Docker, and see that `docker version` shows a server.",
      "The message says which address was asked and what named it: correct `DOCKER_HOST`, or choose another context: `docker context use <name>`.",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP102: {
    title: "The Docker endpoint cannot be resolved",
    meaning: "DOCKER_HOST or the current context does not lead to the address of a daemon, so none was asked.",
    causes: ["a context that was removed, or was never made", "a certificate that the context names is not there"],
    fix: ["See what there is: `docker context ls`", "Choose one: `docker context use <name>`, or set `DOCKER_HOST`."],
    exit: 2,
    since: "0.2.0",
  },
  GP103: {
    title: "Docker Compose is missing or too old",
    meaning:
      "Engine compose starts containers through the Compose plugin of Docker, and there is none, or one that does not know what is needed of it.",
    causes: ["only the old program docker-compose is installed", "a Compose plugin before 2.23"],
    fix: ["See what is there: `docker compose version`", "Install the Compose plugin in 2.23 or later, or deploy with `--engine pulumi`."],
    exit: 2,
    since: "0.2.0",
  },
  GP104: {
    title: "The Pulumi CLI is missing",
    meaning: "Engine pulumi runs the Pulumi CLI, and there is none on PATH.",
    causes: ["it is not installed", "the environment was made with engine pulumi on a machine that has it"],
    fix: [
      "Install it, and see that `pulumi version` answers.",
      "A new environment on target docker can do without: `groundplan up <environment> --engine compose`",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP105: {
    title: "The version of the Pulumi CLI is not supported",
    meaning: "The CLI on PATH is older or newer than those that this version was tried with, so it is not let near a state.",
    causes: ["an old CLI", "a new major version that this version of groundplan does not know yet"],
    fix: ["The message names the range: install a version of it.", "Or take a version of groundplan that knows the one that you have."],
    exit: 2,
    since: "0.2.0",
  },
  GP106: {
    title: "kubectl is missing",
    meaning: "On target kubernetes the command asks the cluster through kubectl, and there is none on PATH.",
    causes: ["it is not installed"],
    fix: ["Install it, and see that `kubectl version --client` answers."],
    exit: 2,
    since: "0.2.0",
  },
  GP107: {
    title: "The kubeconfig has no such context",
    meaning: "The stack file names its cluster as a context. The context that happens to be current is never used in its stead.",
    causes: ["the credentials of the cluster were not fetched on this machine", "KUBECONFIG leads to another file", "the name is misspelled"],
    fix: [
      "See what there is: `kubectl config get-contexts`",
      "Correct `kubernetes.context` in the stack file, or set `KUBECONFIG` to the file that has it.",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP108: {
    title: "The cluster does not answer",
    meaning: "The context is known, and its API server does not answer, or refuses who asks.",
    causes: ["the cluster is stopped or not reachable from here", "the credentials have expired"],
    fix: ["Ask it yourself: `kubectl --context <context> version`", "Log in again, or open the way to it (VPN, tunnel)."],
    exit: 2,
    since: "0.2.0",
  },
  GP109: {
    title: "A command of kubectl failed",
    meaning: "The cluster answers, and refused one thing that was asked. The message has its words.",
    causes: ["the user of the context may not do it", "the namespace or what is in it has just gone"],
    fix: ["See what is allowed: `kubectl auth can-i --list --namespace <namespace>`"],
    exit: 2,
    since: "0.2.0",
  },
  GP110: {
    title: "The Docker socket may not be opened",
    meaning: "The daemon's socket is there, and this user may not open it. Nothing was created.",
    causes: ["the user is not in the group that owns the socket", "the user was put into the group, and has not logged in again since"],
    fix: [
      "See who may: `ls -l /var/run/docker.sock`",
      "Join that group, which gives the rights of root on this machine: `sudo usermod -aG docker $USER`, then log in again.",
      "Or use a daemon of your own: rootless Docker, Docker Desktop.",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP111: {
    title: "The registry of the images does not answer",
    meaning: "An image is not on the machine, and the registry or the mirror that has it could not be reached. What was ready before that stays.",
    causes: [
      "the mirror of the stack file, or of GROUNDPLAN_IMAGE_MIRROR, is down or misspelled",
      "no network, or a proxy that the daemon does not know",
    ],
    fix: [
      "Ask it: `docker pull <image>`, with the image that the message names.",
      "Correct `mirror` in the stack file, or `GROUNDPLAN_IMAGE_MIRROR`; then `groundplan up <environment>` again: it goes on where it was.",
    ],
    exit: 2,
    since: "0.2.0",
  },
  GP112: {
    title: "An SDK of Pulumi is not installed",
    meaning: "The target needs an SDK that the project installs beside groundplan, so that there is one copy for both; it was not found.",
    causes: ["the target was changed, and its SDK is a package of its own", "a clean install left out what package.json does not name"],
    fix: ["Run the line that the message has; it names the package with the versions that groundplan works with."],
    exit: 2,
    since: "0.2.0",
  },
} as const satisfies Record<string, ErrorEntry>;
