import { credentials, signed } from "./sign.ts";

/** Path of a queue's URL: account, name. */
const queuePath = /^\/\d{12}\/[\w-]+(\.fifo)?$/;

export const isQueue = (uri: string) => queuePath.test(new URL(uri).pathname);

/** Asks for the attributes of a queue by the JSON protocol of SQS, without an SDK. */
export async function askQueue(uri: string): Promise<void> {
  const endpoint = new URL("/", process.env.AWS_ENDPOINT_URL_SQS ?? uri);
  const body = JSON.stringify({ QueueUrl: uri, AttributeNames: ["QueueArn"] });
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.GetQueueAttributes" };
  const request = { url: endpoint, headers, body, region: process.env.AWS_REGION ?? "us-east-1", service: "sqs" };
  const answer = await fetch(endpoint, {
    method: "POST",
    body,
    headers: signed(request, await credentials(), new Date()),
    signal: AbortSignal.timeout(3000),
  });
  if (answer.ok) return;
  const { __type, message } = (await answer.json().catch(() => ({}))) as { __type?: string; message?: string };
  throw new Error(`${answer.status} ${__type?.replace(/.*#/, "") ?? ""} ${message ?? ""}`.trim());
}
