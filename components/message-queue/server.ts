import type { SettledQueue } from "./model.ts";

/** What ElasticMQ puts into ARNs and queue URLs. Clients need a region, whatever its name. */
const region = "us-east-1";
const account = "000000000000";

export const port = 9324;

/** The one queue of the configuration. It is there once the kept queues are, unlike the server's answer to ListQueues. */
export const readyQueue = "groundplan-ready";

/** What the server answers to once it has its queues. */
export const readyPath = () => `/?${query("GetQueueUrl", { QueueName: readyQueue })}`;

export const arnOf = (queueName: string) => `arn:aws:sqs:${region}:${account}:${queueName}`;

/** Path of the queue's URL, where clients send what is for it. */
export const queuePath = (queueName: string) => `/${account}/${queueName}`;

/** What SDKs for SQS read by themselves. ElasticMQ asks for no credentials, but no SDK sends a request without any. */
export const clientEnv = ({ host, port: at }: { readonly host: string; readonly port: number }): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_SQS: `http://${host}:${at}`,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: "unused",
  AWS_SECRET_ACCESS_KEY: "unused",
});

/**
 * elasticmq.conf: limits as SQS has them, queues and messages in a database on the volume, and URLs under the name that
 * the client asked by. A kept queue wins over the configuration, so queues are made and changed through the API.
 */
export const serverConfig = `include classpath("application.conf")

node-address { host = "*" }
rest-sqs { bind-hostname = "0.0.0.0", bind-port = ${port}, sqs-limits = strict }
aws { region = "${region}", accountId = "${account}" }
messages-storage { enabled = true, uri = "jdbc:h2:/data/elasticmq" }
queues { ${readyQueue} {} }
`;

/** A heap that leaves room for what a process has beside it: without a limit of its own it grows until it is killed. */
export const heapArgument = (memoryMiB: number) => `-Xmx${Math.floor(memoryMiB * 0.6)}m`;

/** Parameters of the SQS API for a shell: nothing in them needs quoting. */
export const parameters = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");

export const query = (action: string, values: Readonly<Record<string, string>> = {}) => parameters({ Action: action, ...values });

/** `VisibilityTimeout` and the like as parameters: Attribute.1.Name, Attribute.1.Value ... */
export const attributeParameters = (attributes: Readonly<Record<string, string>>, after = 0): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value], index) => [
      [`Attribute.${after + index + 1}.Name`, name],
      [`Attribute.${after + index + 1}.Value`, value],
    ]),
  );

/** A queue of this server with its name. */
export interface NamedQueue {
  readonly name: string;
  readonly queue: SettledQueue;
}
