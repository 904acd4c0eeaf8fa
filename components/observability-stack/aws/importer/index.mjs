/** Hands the dashboards of its package to a workspace of Grafana. Runs as a Lambda function. */

import { readdir, readFile } from "node:fs/promises";

const pollMs = 3000;
/** New roles are not known everywhere at once. */
const settleMs = 90_000;
/** A token that is left over, because the function was cut off, ends by itself. */
const tokenSeconds = 300;
const requestMs = 30_000;
/** The start of an answer says why; the rest may be a page. */
const mostCharacters = 500;

/** @param {import("./index.d.mts").Clients} clients */
export function importer({ grafana, send, dashboards, now = Date.now, sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }) {
  const newToken = async ({ workspaceId, serviceAccountId }, name) => {
    const until = now() + settleMs;
    for (;;) {
      try {
        const { serviceAccountToken } = await grafana.createWorkspaceServiceAccountToken({
          workspaceId,
          serviceAccountId,
          name,
          secondsToLive: tokenSeconds,
        });
        return serviceAccountToken;
      } catch (error) {
        if (error.name !== "AccessDeniedException" || now() > until) throw error;
        await sleep(pollMs);
      }
    }
  };

  /** Asks Grafana, which may say that something is not there where that is an answer. */
  const asker = (endpoint, key) => async (method, path, body, missing) => {
    const answer = await send(`https://${endpoint}${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      // Nobody else gets the token.
      redirect: "error",
      signal: AbortSignal.timeout(requestMs),
    });
    if (answer.ok) return true;
    if (answer.status === 404 && missing) return false;
    const said = (await answer.text()).replaceAll(key, "[hidden]").slice(0, mostCharacters);
    throw new Error(`${method} ${path}: Grafana answered ${answer.status}: ${said}`);
  };

  const hand = async (ask, { dataSource, folder }) => {
    const at = `/api/datasources/uid/${dataSource.uid}`;
    if (await ask("GET", at, undefined, "missing")) await ask("PUT", at, dataSource);
    else await ask("POST", "/api/datasources", dataSource);
    if (!(await ask("GET", `/api/folders/${folder}`, undefined, "missing"))) await ask("POST", "/api/folders", { uid: folder, title: folder });
    const all = await dashboards();
    for (const dashboard of all) {
      await ask("POST", "/api/dashboards/db", { dashboard: { ...dashboard, id: null }, folderUid: folder, overwrite: true });
    }
    return { dashboards: all.length };
  };

  return async (event, { awsRequestId }) => {
    const { workspaceId, serviceAccountId, endpoint } = event;
    const { id: tokenId, key } = await newToken(event, `import-${awsRequestId}`);
    try {
      return await hand(asker(endpoint, key), event);
    } finally {
      await grafana
        .deleteWorkspaceServiceAccountToken({ workspaceId, serviceAccountId, tokenId })
        // What went wrong before is what has to be told.
        .catch(({ name }) => console.warn(`the token was not deleted (${name}); it ends within ${tokenSeconds} seconds`));
    }
  };
}

/** The dashboards beside this file, in the order of their names. */
async function packaged() {
  const folder = new URL("./dashboards/", import.meta.url);
  const files = (await readdir(folder)).toSorted();
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(new URL(file, folder), "utf8"))));
}

let handle;
/** The SDK comes with the runtime of Lambda. */
export async function handler(event, context) {
  if (!handle) {
    const { Grafana } = await import("@aws-sdk/client-grafana");
    handle = importer({ grafana: new Grafana({}), send: fetch, dashboards: packaged });
  }
  return handle(event, context);
}
