import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { messageQueueModel, physicalName, queueAttributes } from "../../components/message-queue/model.ts";
import type { Queues } from "../../components/message-queue/queues.ts";
import { clientEnv, queuePath } from "../../components/message-queue/server.ts";

/** Queues of a server by their names in the component, with what a test does to them. */
export class QueueClient {
  readonly sdk: SQSClient;
  readonly #urls: Readonly<Record<string, string>>;

  constructor(sdk: SQSClient, urls: Readonly<Record<string, string>>) {
    this.sdk = sdk;
    this.#urls = urls;
  }

  url(key: string): string {
    const url = this.#urls[key];
    if (!url) throw new Error(`no queue ${key}; there are ${Object.keys(this.#urls).join(", ")}`);
    return url;
  }

  send = (key: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
    this.sdk.send(new SendMessageCommand({ QueueUrl: this.url(key), MessageBody, ...more }));

  async receive(key: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const wanted = { QueueUrl: this.url(key), MessageSystemAttributeNames: ["All" as const], MessageAttributeNames: ["All"], ...more };
    return (await this.sdk.send(new ReceiveMessageCommand(wanted))).Messages ?? [];
  }

  /** Bodies of what a receive gives. */
  bodies = async (key: string, more: Partial<ReceiveMessageCommandInput> = {}) => (await this.receive(key, more)).map(({ Body }) => Body);

  delete = (key: string, message: Message | undefined) =>
    this.sdk.send(new DeleteMessageCommand({ QueueUrl: this.url(key), ReceiptHandle: message?.ReceiptHandle }));

  /** Gives a received message back at once, or keeps it longer. */
  hide = (key: string, message: Message | undefined, VisibilityTimeout: number) =>
    this.sdk.send(new ChangeMessageVisibilityCommand({ QueueUrl: this.url(key), ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }));

  async attributes(key: string): Promise<Record<string, string>> {
    const { Attributes = {} } = await this.sdk.send(new GetQueueAttributesCommand({ QueueUrl: this.url(key), AttributeNames: ["All"] }));
    return Attributes;
  }

  /** Names of all queues of the server. */
  async names(): Promise<string[]> {
    const { QueueUrls = [] } = await this.sdk.send(new ListQueuesCommand({}));
    return QueueUrls.map((url) => url.split("/").at(-1) ?? "").toSorted();
  }
}

/** Nothing is configured but the variables that a binding sets. */
async function sdkFor(port: number): Promise<SQSClient> {
  Object.assign(process.env, clientEnv({ host: "127.0.0.1", port }));
  const sdk = new SQSClient({});
  // It reads them with its first request.
  await sdk.send(new ListQueuesCommand({}));
  return sdk;
}

/** The queues of a component that runs, on its published port. */
export async function componentQueues(component: string, port: number, queues: Queues): Promise<QueueClient> {
  const urls = messageQueueModel(queues, {}).queues.map((queue) => {
    return [queue.key, `http://127.0.0.1:${port}${queuePath(physicalName(component, queue))}`] as const;
  });
  return new QueueClient(await sdkFor(port), Object.fromEntries(urls));
}

/** The same queues, made with the attributes of the component's model on a server of which nothing else is known. */
export async function madeQueues(component: string, port: number, queues: Queues): Promise<QueueClient> {
  const sdk = await sdkFor(port);
  const urls: Record<string, string> = {};
  const arns: Record<string, string> = {};
  for (const queue of messageQueueModel(queues, {}).queues) {
    const Attributes = queueAttributes(queue, (key) => arns[key] ?? "");
    const { QueueUrl = "" } = await sdk.send(new CreateQueueCommand({ QueueName: physicalName(component, queue), Attributes }));
    urls[queue.key] = QueueUrl;
    const got = await sdk.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    arns[queue.key] = got.Attributes?.QueueArn ?? "";
  }
  return new QueueClient(sdk, urls);
}
