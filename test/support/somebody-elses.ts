import { thisMachine } from "../../src/core/existing.ts";
import { imageReference } from "../../src/core/images.ts";
import { mirror } from "./docker-tier.ts";
import { daemon } from "./stack.ts";
import type { TempProject } from "./temp-project.ts";

/** A password with all that a URL and a shell make something of. */
export const theirPassword = "s/e:cret";

export interface SomebodyElses {
  /** On this machine. */
  readonly port: number;
  readonly container: ReturnType<typeof daemon.getContainer>;
  remove(): Promise<void>;
}

/** A Postgres that is not of the stack, which has it as its `db`: service `api` is bound to it and asks it, `web` is not. */
export async function somebodyElsesDatabase(stack: TempProject): Promise<SomebodyElses> {
  const container = await daemon.createContainer({
    Image: imageReference({ table: "postgres:16" }, mirror ? { mirror } : {}),
    name: `${stack.prefix}-somebody-elses`,
    Env: ["POSTGRES_USER=shop", `POSTGRES_PASSWORD=${theirPassword}`, "POSTGRES_DB=orders"],
    HostConfig: { PublishAllPorts: true, Tmpfs: { "/var/lib/postgresql/data": "rw" } },
  });
  const remove = () => container.remove({ force: true, v: true });
  const started = async () => {
    await container.start();
    const { NetworkSettings } = await container.inspect();
    return Number(NetworkSettings.Ports["5432/tcp"]?.[0]?.HostPort);
  };
  const port = await started().catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const asked = `psql "$DATABASE_URL" -tAc 'SELECT current_user' | grep -qx shop`;
  const service = (name: string, health: string, bindings: string) =>
    `new AppService("${name}", { platform, image: "docker.io/library/postgres:16.15-alpine", command: ["sleep", "2147483647"], ports: { http: 8000 },
       health: exec(["sh", "-c", ${JSON.stringify(health)}], { startSeconds: 30 }), bindings: ${bindings} });`;
  stack.topology(`const db = new PostgresDb("db", { platform, databases: { app: { owner: "shop" } } });
    ${service("api", asked, "{ DATABASE: db.databases.app }")}
    ${service("web", "true", "{}")}
    return {};`);
  const databases = { app: { database: "orders", password: { env: "SHOP_PASSWORD" } } };
  stack.settings({ components: { db: { existing: { host: thisMachine, port, tls: false, databases } } } });
  return { port, container, remove };
}
