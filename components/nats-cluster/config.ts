import { concat, type SecretText, secretRef, text } from "../../src/core/text.ts";

/** In the writable folder; the call that hands clients over before a stop finds the server by it. */
const pidFile = "/tmp/nats.pid";

/** Lame duck mode: clients are asked, one after another, to reconnect elsewhere, then the server ends. */
export const drain = ["nats-server", "--signal", `ldm=${pidFile}`];

/**
 * Variable with the full name and port of a node's routes, for nodes that prove their names: nodes tell each other where
 * the rest is, and by default as an address, for which no certificate holds.
 */
export const routeAddress = "ROUTE_ADDRESS";

export interface ServerConfigArgs {
  readonly name: string;
  readonly replicas: number;
  readonly memoryMiB: number;
  readonly storageGiB: number;
  readonly maxPayloadKiB: number;
  /** Nodes that are not on one private network of their own: names end with this domain, routes are TLS with the files of this folder. */
  readonly apart?: { readonly domain: string; readonly folder: string };
}

/** nats.conf: JetStream on disk, no anonymous user, system account apart; routes only for a cluster. */
export function serverConfig(args: ServerConfigArgs): SecretText {
  const server = text`server_name: $SERVER_NAME
port: 4222
http_port: 8222
max_payload: ${args.maxPayloadKiB}KB
pid_file: "${pidFile}"
lame_duck_grace_period: 5s
lame_duck_duration: 30s
jetstream {
  store_dir: /data/jetstream
  max_memory_store: ${Math.floor(args.memoryMiB / 4)}MB
  max_file_store: ${args.storageGiB}GB
}
accounts {
  APP {
    jetstream: enabled
    users: [ { user: app, password: "${secretRef("app")}" } ]
  }
  SYS {
    users: [ { user: system, password: "${secretRef("system")}" } ]
  }
}
system_account: SYS
`;
  return args.replicas > 1 ? concat(server, clusterConfig(args)) : server;
}

function clusterConfig({ name, replicas, apart }: ServerConfigArgs): SecretText {
  const domain = apart ? `.${apart.domain}` : "";
  const routes = Array.from({ length: replicas }, (_, index) => text`    nats-route://route:${secretRef("route")}@${name}-${index}${domain}:6222\n`);
  return concat(
    text`cluster {
  name: ${name}
  port: 6222
  no_advertise: true
  authorization { user: route, password: "${secretRef("route")}" }
${apart ? `  advertise: $${routeAddress}\n${routeTls(apart.folder)}` : ""}  routes: [
`,
    ...routes,
    "  ]\n}\n",
  );
}

/** Both ends of a route show a certificate of the cluster's own authority. */
const routeTls = (folder: string) => `  tls {
    cert_file: "${folder}/route.pem"
    key_file: "${folder}/route-key.pem"
    ca_file: "${folder}/route-ca.pem"
    verify: true
    timeout: 5
  }
`;
