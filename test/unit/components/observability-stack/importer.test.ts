import { describe, expect, test, vi } from "vitest";
import { importer } from "../../../../components/observability-stack/aws/importer/index.mjs";

const key = "glsa_hunter2OfTheToken";
const event = {
  workspaceId: "g-1",
  serviceAccountId: "2",
  endpoint: "g-1.grafana.example",
  dataSource: { uid: "groundplan-prometheus", type: "grafana-amazonprometheus-datasource" },
  folder: "groundplan",
  content: "abc",
};
const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });

interface Call {
  readonly what: string;
  readonly body: unknown;
  readonly authorization: string | null;
  readonly redirect: string | undefined;
}

/** A workspace that knows what is listed, and answers `refuses` with 400 and the words of `says`. */
function world({ known = [] as string[], refuses = "", says = "", tokens = [] as Error[], stays = false } = {}) {
  let clock = 0;
  const calls: Call[] = [];
  const order: string[] = [];
  const waiting = [...tokens];
  const grafana = {
    createWorkspaceServiceAccountToken: vi.fn(async (_: unknown) => {
      const error = stays ? tokens[0] : waiting.shift();
      if (error) throw error;
      order.push("token made");
      return { serviceAccountToken: { id: "7", name: "x", key } };
    }),
    deleteWorkspaceServiceAccountToken: vi.fn(async (_: unknown) => {
      order.push("token deleted");
      return {};
    }),
  };
  const send = (async (url: string, init: RequestInit) => {
    const { host, pathname, protocol } = new URL(url);
    expect([protocol, host]).toEqual(["https:", event.endpoint]);
    const what = `${init.method} ${pathname}`;
    order.push(what);
    calls.push({
      what,
      body: init.body ? JSON.parse(String(init.body)) : undefined,
      authorization: new Headers(init.headers).get("authorization"),
      redirect: init.redirect,
    });
    if (what === refuses) return new Response(says, { status: 400 });
    if (init.method === "GET" && !known.includes(pathname)) return new Response("{}", { status: 404 });
    return new Response("{}", { status: 200 });
  }) as typeof fetch;
  const dashboards = async () => [
    { uid: "overview", title: "All" },
    { uid: "component-db", title: "db", id: 12 },
  ];
  const sleep = async (ms: number) => {
    clock += ms;
  };
  const run = () => importer({ grafana, send, dashboards, now: () => clock, sleep })(event, { awsRequestId: "r-1" });
  return { grafana, calls, order, run };
}

const source = "/api/datasources/uid/groundplan-prometheus";

describe("the function that hands over dashboards", () => {
  test("makes a token for minutes, then source, folder and dashboards, and deletes the token", async () => {
    const { grafana, calls, order, run } = world();
    await expect(run()).resolves.toEqual({ dashboards: 2 });
    expect(order).toEqual([
      "token made",
      `GET ${source}`,
      "POST /api/datasources",
      "GET /api/folders/groundplan",
      "POST /api/folders",
      "POST /api/dashboards/db",
      "POST /api/dashboards/db",
      "token deleted",
    ]);
    expect(grafana.createWorkspaceServiceAccountToken.mock.calls).toEqual([
      [{ workspaceId: "g-1", serviceAccountId: "2", name: "import-r-1", secondsToLive: 300 }],
    ]);
    expect(grafana.deleteWorkspaceServiceAccountToken.mock.calls).toEqual([[{ workspaceId: "g-1", serviceAccountId: "2", tokenId: "7" }]]);
    for (const { authorization, redirect } of calls) expect([authorization, redirect]).toEqual([`Bearer ${key}`, "error"]);
    expect(calls.flatMap(({ body }) => (body ? [body] : []))).toEqual([
      event.dataSource,
      { uid: "groundplan", title: "groundplan" },
      // Grafana finds its own by the uid: a number is that of another server.
      { dashboard: { uid: "overview", title: "All", id: null }, folderUid: "groundplan", overwrite: true },
      { dashboard: { uid: "component-db", title: "db", id: null }, folderUid: "groundplan", overwrite: true },
    ]);
  });

  test("changes what is there already, and makes none twice", async () => {
    const { order, run } = world({ known: [source, "/api/folders/groundplan"] });
    await run();
    expect(order.slice(1, -1)).toEqual([
      `GET ${source}`,
      `PUT ${source}`,
      "GET /api/folders/groundplan",
      "POST /api/dashboards/db",
      "POST /api/dashboards/db",
    ]);
  });

  test("fails with the words of the server and without the token, which it deletes all the same", async () => {
    const { order, run } = world({ refuses: "POST /api/dashboards/db", says: `bad schema, sent by ${key}` });
    const error = await run().then(
      () => new Error("it went well"),
      (reason: Error) => reason,
    );
    expect(error.message).toBe("POST /api/dashboards/db: Grafana answered 400: bad schema, sent by [hidden]");
    expect(order.filter((what) => what === "POST /api/dashboards/db")).toHaveLength(1);
    expect(order.at(-1)).toBe("token deleted");
  });

  test("takes an answer that something is not there as one only where it asks for that", async () => {
    await expect(world({ refuses: `GET ${source}`, says: "no plugin" }).run()).rejects.toThrow(/answered 400: no plugin/);
  });

  test("tells what went wrong when the token cannot be deleted either", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { grafana, run } = world({ refuses: "POST /api/folders", says: "full" });
    grafana.deleteWorkspaceServiceAccountToken.mockRejectedValue(denied);
    await expect(run()).rejects.toThrow(/answered 400: full/);
    expect(warn.mock.calls.flat().join()).toMatch(/AccessDeniedException.*300 seconds/);
    expect(warn.mock.calls.flat().join()).not.toContain(key);
    warn.mockRestore();
  });

  test("waits for a role that is not known everywhere yet, but not for ever, nor for anything else", async () => {
    const patient = world({ tokens: [denied, denied] });
    await expect(patient.run()).resolves.toEqual({ dashboards: 2 });
    expect(patient.grafana.createWorkspaceServiceAccountToken).toHaveBeenCalledTimes(3);
    await expect(world({ tokens: [denied], stays: true }).run()).rejects.toThrow("not authorized");
    const conflict = world({ tokens: [Object.assign(new Error("too many"), { name: "ServiceQuotaExceededException" })], stays: true });
    await expect(conflict.run()).rejects.toThrow("too many");
    expect(conflict.grafana.createWorkspaceServiceAccountToken).toHaveBeenCalledTimes(1);
    expect(conflict.order).toEqual([]);
  });
});
