import { isIPv4 } from "node:net";
import type { Input } from "@pulumi/pulumi";
import { type Check, type Finding, inputOf, integer, matching, type Rules, shape } from "./checks.ts";
import { type GivenSecret, givenSecretCheck } from "./given-secret.ts";
import type { Profile } from "./profile.ts";

/** Where a system is that runs already, outside of this stack. Nothing of it is made, changed, watched or deleted. */
export interface ExistingArgs {
  /**
   * Host name or IPv4 address, as services of this stack reach it; `host.docker.internal` is this machine, on Docker.
   * @change restart; of what is bound to it
   */
  readonly host: Input<string>;
  /**
   * Port.
   * @default that of the protocol
   * @unit port number
   * @change restart; of what is bound to it
   */
  readonly port?: number;
  /**
   * Whether it speaks TLS.
   * @default true
   * @change restart; of what is bound to it
   */
  readonly tls?: boolean;
  /**
   * Why the way to it needs no TLS. Profiles that guard data refuse `tls: false` without.
   * @default none
   * @change safe
   */
  readonly plaintext?: string;
  /**
   * Certificate authority in PEM, when clients do not know it.
   * @default those that clients know
   * @change restart; of what is bound to it
   */
  readonly ca?: Input<string>;
  /**
   * Whom the opened path leads to, where a target knows addresses and no names.
   * @default the host, or when it is a name every address outside
   * @change each
   */
  readonly network?: ExistingNetwork;
}

/** What a rule of a network can name. Docker filters nothing and reads neither. */
export interface ExistingNetwork {
  /**
   * Addresses behind the host, e.g. `10.20.0.0/16`; without it no private address is reached by its name on Kubernetes.
   * @default the address of the host, or when it is a name every address outside
   * @change safe
   */
  readonly cidr?: string;
  /**
   * Id of its security group, on AWS; that group must let services in.
   * @default none
   * @change safe
   */
  readonly securityGroup?: Input<string>;
}

/** Who logs in. */
export interface ExistingLogin {
  /**
   * Name of the user.
   * @default as the component would call it
   * @change restart; of what is bound to it
   */
  readonly username?: string;
  /**
   * Password of the user, never as text.
   * @change restart; of what is bound to it
   */
  readonly password: GivenSecret;
}

/** A system that runs elsewhere, in a spec. */
export interface ExistingSystem extends Pick<ExistingArgs, "host" | "ca" | "network"> {
  /** Numbers of the ports that there are, by the arguments that tell them. @change restart; of what is bound to it */
  readonly ports: Readonly<Record<string, number | undefined>>;
  /** By the arguments that tell them. @change restart; of what is bound to it */
  readonly secrets: Readonly<Record<string, GivenSecret | undefined>>;
  /** Variables that the clients of this protocol read by themselves. @default none @change restart; of what is bound to it */
  readonly env?: Readonly<Record<string, string | GivenSecret>>;
}

const name = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
/** Docker's name of the machine that it runs on. */
export const thisMachine = "host.docker.internal";

const hostCheck: Check = (value, at) => {
  const text = typeof value === "string" ? value : "";
  if (/^(localhost|127\..*|0\.0\.0\.0)$/i.test(text)) {
    return [
      { path: at, value, rule: "a host that containers reach: each of them is its own localhost", fix: `on Docker this machine is ${thisMachine}` },
    ];
  }
  if (isIPv4(text) || (name.test(text) && !/^[\d.]+$/.test(text))) return [];
  return [{ path: at, value, rule: "a host name or an IPv4 address, without scheme and port", fix: "e.g. db.internal" }];
};

const cidrCheck: Check = (value, at) => {
  const [, address = "", bits = ""] = typeof value === "string" ? (/^([\d.]+)\/(\d{1,2})$/.exec(value) ?? []) : [];
  return isIPv4(address) && Number(bits) >= 1 && Number(bits) <= 32
    ? []
    : [{ path: at, value, rule: "a range of addresses, not all there are", fix: "e.g. 10.20.0.0/16" }];
};

export const networkCheck = shape<ExistingNetwork>({
  cidr: cidrCheck,
  securityGroup: inputOf(matching(/^sg-[0-9a-f]{8,17}$/, "the id of a security group", "e.g. sg-0123456789abcdef0")),
});

export const plaintextCheck = matching(/\S.{9,}/, "a reason in a few words", "e.g. the mesh of that cluster encrypts it");

const placeRules: Rules<ExistingArgs> = {
  host: inputOf(hostCheck),
  port: integer(1, 65_535),
  tls: (value, at) =>
    typeof value === "boolean" ? [] : [{ path: at, value, rule: "true or false", fix: "set tls to true or false, without quotes" }],
  plaintext: plaintextCheck,
  ca: inputOf(matching(/-----BEGIN CERTIFICATE-----/, "a certificate in PEM", "give the text of the file")),
  network: networkCheck,
};

export const loginRules: Rules<ExistingLogin> = {
  username: matching(/^[^\s:@/]{1,63}$/, "a user name without spaces, : @ and /", "e.g. app"),
  password: givenSecretCheck,
};

export const loginCheck: Check = shape<ExistingLogin>(loginRules, ["password"]);

/** Where it is, and what only this system has. */
export const existingCheck = <A extends ExistingArgs>(
  more: Omit<Rules<A>, keyof ExistingArgs>,
  required: readonly (keyof A & string)[] = [],
): Check => shape<A>({ ...placeRules, ...more } as Rules<A>, ["host", ...required] as (keyof A & string)[]);

/** What does not go together. */
export function existingFindings({ tls = true, plaintext, ca }: ExistingArgs, profile: Profile): Finding[] {
  const none = "nothing: the way to it has TLS";
  if (tls) return plaintext === undefined ? [] : [{ path: "existing.plaintext", value: plaintext, rule: none, fix: "remove it, or set tls: false" }];
  return [
    ...(ca === undefined
      ? []
      : [{ path: "existing.ca", value: "given", rule: "nothing without TLS: no certificate is shown", fix: "remove it, or leave tls out" }]),
    ...(profile.guardData && plaintext === undefined
      ? [
          {
            path: "existing.tls",
            value: false,
            rule: `TLS: profile ${profile.name} guards data`,
            fix: "leave it out, or say in existing.plaintext why the way needs none",
          },
        ]
      : []),
  ];
}
