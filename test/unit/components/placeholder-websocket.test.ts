import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countRequest, metricsText } from "../../../components/app-service/placeholder/metrics.ts";
import { traceOf } from "../../../components/app-service/placeholder/temporal.ts";
import { echo, firstFrame } from "../../../components/app-service/placeholder/websocket.ts";

let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer().on("upgrade", echo);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
});
afterAll(() => void server.close());

test("a websocket gets back what it sends, whatever its size, and is closed in order", async () => {
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  const sent = ["", "grüße", "x".repeat(126), "y".repeat(70_000)];
  const got: unknown[] = [];
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  socket.addEventListener("open", () => {
    for (const text of sent) socket.send(text);
    socket.send(new Uint8Array([0, 255, 7]));
  });
  socket.addEventListener("message", ({ data }) => {
    got.push(data instanceof ArrayBuffer ? [...new Uint8Array(data)] : data);
    if (got.length === sent.length + 1) socket.close(1000, "done");
  });
  expect(await closed).toMatchObject({ wasClean: true, code: 1000 });
  expect(got).toEqual([...sent, [0, 255, 7]]);
});

test("a frame that has not arrived in full is waited for", () => {
  const frame = Buffer.from([0x81, 0x82, 1, 2, 3, 4, 0x69, 0x6b]);
  for (let length = 0; length < frame.length; length++) expect(firstFrame(frame.subarray(0, length))).toBeUndefined();
  expect(firstFrame(frame)).toEqual({ first: 0x81, payload: Buffer.from("hi"), size: 8 });
});

test("requests are counted by code and method, with unknown methods as one", () => {
  countRequest("GET", 200, 0.02);
  countRequest("GET", 200, 20);
  countRequest("BREW", 404, 0.001);
  const text = metricsText();
  expect(text).toContain('http_requests_total{code="200",method="get"} 2\nhttp_requests_total{code="404",method="other"} 1\n');
  expect(text).toContain('http_request_duration_seconds_bucket{le="0.025"} 2\n');
  expect(text).toContain('http_request_duration_seconds_bucket{le="+Inf"} 3\n');
  expect(text).toContain("placeholder_workflows_completed_total 0\n");
});

test("the trace of a workflow is found in the header of the SDKs, and a strange one does no harm", () => {
  const header = (value: unknown) => Buffer.from(JSON.stringify(value));
  expect(traceOf(header({ traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` }))).toBe("a".repeat(32));
  expect([traceOf(undefined), traceOf(Buffer.from("{")), traceOf(header({}))]).toEqual([undefined, undefined, undefined]);
});
