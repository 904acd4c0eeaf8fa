import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Span, spanExporter } from "../../../../components/nats-temporal-bridge/service/otlp.ts";

interface Received {
  readonly path: string | undefined;
  readonly tenant: string | string[] | undefined;
  readonly body: { resourceSpans: { resource: unknown; scopeSpans: { spans: Record<string, unknown>[] }[] }[] };
}

const received: Received[] = [];
let server: Server;
let status = 200;

beforeEach(async () => {
  received.length = 0;
  status = 200;
  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    received.push({ path: request.url, tenant: request.headers["x-tenant"], body: JSON.parse(body) });
    response.writeHead(status).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  server.close();
});

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const span = (name: string, over: Partial<Span> = {}): Span => ({
  context: { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true, state: "" },
  parentSpanId: "c".repeat(16),
  name,
  startMs: 1_795_248_606_754.5,
  endMs: 1_795_248_606_800,
  attributes: { "messaging.message.id": "m1", "messaging.nats.sequence": 42 },
  ...over,
});

test("nothing is exported without an endpoint", () => expect(spanExporter({})).toBeUndefined());

test("spans arrive as OTLP has them in JSON, under the service's name", async () => {
  const exporter = spanExporter({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint()}/`,
    OTEL_SERVICE_NAME: "trigger",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=dev, a=b%20c",
    OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=one",
  });
  exporter?.add(span("process gh.push"));
  exporter?.add(span("failed", { error: "it is dead" }));
  await exporter?.flush();
  expect(received).toHaveLength(1);
  const [{ path, tenant, body } = { path: "", tenant: "", body: { resourceSpans: [] } }] = received;
  expect([path, tenant]).toEqual(["/v1/traces", "one"]);
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  expect(body.resourceSpans[0]?.resource).toEqual({
    attributes: [text("deployment.environment.name", "dev"), text("a", "b c"), text("service.name", "trigger")],
  });
  const [first, second] = body.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  expect(first).toEqual({
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    parentSpanId: "c".repeat(16),
    name: "process gh.push",
    kind: 5,
    startTimeUnixNano: "1795248606754500000",
    endTimeUnixNano: "1795248606800000000",
    attributes: [text("messaging.message.id", "m1"), { key: "messaging.nats.sequence", value: { intValue: "42" } }],
  });
  expect(second).toMatchObject({ status: { code: 2, message: "it is dead" } });
});

test("what the collector does not take is kept for the next time", async () => {
  const exporter = spanExporter({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint() });
  status = 503;
  exporter?.add(span("one"));
  await exporter?.flush();
  status = 200;
  exporter?.add(span("two"));
  await exporter?.flush();
  const names = received.map(({ body }) => body.resourceSpans[0]?.scopeSpans[0]?.spans.map(({ name }) => name));
  expect(names).toEqual([["one"], ["one", "two"]]);
});
