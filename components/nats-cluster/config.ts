import { concat, type SecretText, secretRef, text } from "../../src/core/text.ts";

export interface ServerConfigArgs {
  readonly name: string;
  readonly replicas: number;
  readonly memoryMiB: number;
  readonly storageGiB: number;
  readonly maxPayloadKiB: number;
}

/** nats.conf: JetStream on disk, no anonymous user, system account apart; routes only for a cluster. */
export function serverConfig(args: ServerConfigArgs): SecretText {
  const server = text`server_name: $SERVER_NAME
port: 4222
http_port: 8222
max_payload: ${args.maxPayloadKiB}KB
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

function clusterConfig({ name, replicas }: ServerConfigArgs): SecretText {
  const routes = Array.from({ length: replicas }, (_, index) => text`    nats-route://route:${secretRef("route")}@${name}-${index}:6222\n`);
  return concat(
    text`cluster {
  name: ${name}
  port: 6222
  no_advertise: true
  authorization { user: route, password: "${secretRef("route")}" }
  routes: [
`,
    ...routes,
    "  ]\n}\n",
  );
}
