import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { askQueue, isQueue } from "../../../components/app-service/placeholder/sqs.ts";

const asked: { readonly headers: IncomingMessage["headers"]; readonly body: unknown }[] = [];
let server: Server;
let origin: string;
let answer = { status: 200, body: "{}" };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    asked.push({ headers: request.headers, body: JSON.parse(body) });
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("AWS_ACCESS_KEY_ID", "unused");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "unused");
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ENDPOINT_URL_SQS", undefined);
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

test.each([
  ["http://queue:9324/000000000000/queue-jobs", true],
  ["https://sqs.eu-central-1.amazonaws.com/123456789012/shop-prod-queue-mail.fifo", true],
  ["http://api:8000", false],
  ["http://api:8000/orders/1", false],
])("%s is a queue: %s", (uri, expected) => expect(isQueue(uri)).toBe(expected));

test("asks for the queue itself, signed for the region", async () => {
  await askQueue(`${origin}/000000000000/queue-jobs`);
  const { headers, body } = asked.at(-1) ?? { headers: {}, body: undefined };
  expect(headers["x-amz-target"]).toBe("AmazonSQS.GetQueueAttributes");
  expect(headers.authorization).toContain("/eu-central-1/sqs/aws4_request");
  expect(body).toMatchObject({ QueueUrl: `${origin}/000000000000/queue-jobs` });
});

test("fails with what the service says", async () => {
  answer = { status: 400, body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no such queue"}' };
  await expect(askQueue(`${origin}/000000000000/none`)).rejects.toThrow("400 QueueDoesNotExist no such queue");
  answer = { status: 502, body: "<html>" };
  await expect(askQueue(`${origin}/000000000000/none`)).rejects.toThrow("502");
});
