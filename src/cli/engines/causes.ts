/** What hindered an engine, as far as its words tell it. */
export interface Cause {
  readonly code: "GP111" | "GP205" | "GP206" | "GP404" | "GP405" | "GP407";
  /** What happened, with the names that the engine gives. */
  readonly what: string;
  /** The way on. */
  readonly fix: string;
}

/** Codes of what hinders the engine before it does anything. */
export const beforeAnything: readonly Cause["code"][] = ["GP205", "GP206"];

interface Known {
  readonly code: Cause["code"];
  readonly says: RegExp;
  readonly what: (found: RegExpExecArray) => string;
  readonly fix: string;
}

const again = "then run the same command again: it goes on where it was";

/**
 * Words of Pulumi 3, of its Docker provider, of Docker Compose 2 and of the daemon. The first one that is found counts: one
 * of the engine itself is the cause of all that comes after it.
 */
const known: readonly Known[] = [
  {
    code: "GP205",
    says: /the stack is currently locked by \d+ lock[\s\S]*?created by (\S+) \(pid (\d+)\) at (\S+)/,
    what: ([, who, pid, since]) => `the state is locked by ${who}, process ${pid}, since ${since}`,
    fix: "wait for that run; when that process is gone, take its lock away with pulumi cancel",
  },
  {
    code: "GP205",
    says: /\[409\] Conflict: Another update is currently in progress/,
    what: () => "the state is locked: another update of this stack is in progress",
    fix: "wait for it; when it is gone, take its lock away with pulumi cancel",
  },
  {
    code: "GP206",
    says: /incorrect passphrase|passphrase must be set with PULUMI_CONFIG_PASSPHRASE/,
    what: ([said = ""]) =>
      said.startsWith("incorrect") ? "the passphrase does not open the state" : "no passphrase was given, and the state has one",
    fix: "give the passphrase that the state was made with, in PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE; on target docker put the file passphrase below .groundplan back",
  },
  {
    code: "GP404",
    says: /manifest for (\S+) not found|pull access denied for (\S+?),|(?:failed to resolve reference "|unable to pull image )([^\s":]\S*?)"?: (?:not found|.*manifest unknown)/,
    what: ([, a, b, c]) => `the registry does not give the image ${a ?? b ?? c}`,
    fix: `correct its version or the mirror, or log in to the registry; ${again}`,
  },
  {
    code: "GP111",
    says: /(?:Get|Head) "(https?:\/\/[^/"]+)\/v2\/[^"]*": (.*(?:connection refused|no such host|i\/o timeout|network is unreachable|no route to host|Client\.Timeout exceeded|TLS handshake timeout|HTTP response to HTTPS client))/,
    what: ([, registry, said = ""]) => `the registry ${registry} does not answer: ${said}`,
    fix: `start it, or correct mirror in the stack file or GROUNDPLAN_IMAGE_MIRROR; ${again}`,
  },
  {
    code: "GP405",
    says: /no space left on device/i,
    what: () => "no space is left to write to",
    fix: `see docker system df, and df -h on the machine of the daemon; make room, ${again}`,
  },
  {
    code: "GP407",
    says: /Cannot connect to the Docker daemon|error during connect|Error response from daemon: .*(?:context canceled|shutting down)/,
    what: () => "the Docker daemon stopped answering on the way",
    fix: `wait until docker version shows a server, ${again}`,
  },
];

/** The cause that an engine's output, or the log of a container, names; undefined when it says nothing that is known. */
export function causeOf(said: string): Cause | undefined {
  for (const { code, says, what, fix } of known) {
    const found = says.exec(said);
    if (found) return { code, what: what(found), fix };
  }
  return undefined;
}

/** For a person: what happened, and the way on. */
export const causeLines = ({ what, fix }: Cause): string[] => [`  ${what}`, `    fix   ${fix}`];
