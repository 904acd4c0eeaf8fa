import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Metrics } from "../../../../components/nats-temporal-bridge/service/metrics.ts";
import { type Health, serveHttp } from "../../../../components/nats-temporal-bridge/service/serve-http.ts";

let health: Health = { nats: "ok", temporal: "ok", deadLetters: "ok" };
let server: Server;
const get = async (path: string) => {
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { status: answer.status, text: await answer.text() };
};

beforeAll(async () => {
  server = serveHttp(0, new Metrics(), async () => health);
  await new Promise((resolve) => server.once("listening", resolve));
});
afterAll(() => void server.close());

test("health tells which end fails and how, and a process whose ends are away still lives", async () => {
  expect(await get("/health")).toEqual({ status: 200, text: '{"failing":[],"nats":"ok","temporal":"ok","deadLetters":"ok"}\n' });
  health = { nats: "ok", temporal: "14 UNAVAILABLE", deadLetters: "no stream" };
  expect(await get("/health")).toEqual({
    status: 503,
    text: '{"failing":["temporal","deadLetters"],"nats":"ok","temporal":"14 UNAVAILABLE","deadLetters":"no stream"}\n',
  });
  expect((await get("/live")).status).toBe(200);
});

test("figures are served, and nothing else", async () => {
  expect((await get("/metrics?x=1")).text).toContain("# TYPE bridge_start_seconds histogram\n");
  expect((await get("/config")).status).toBe(404);
});
