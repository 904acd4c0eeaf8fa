import { AppService, http, PostgresDb, runStack, type Topology } from "groundplan";

const shop: Topology = ({ platform, images }) => {
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  const api = new AppService("api", {
    platform,
    image: images.api,
    ports: { http: 8000 },
    health: http("/health"),
    bindings: { DATABASE: db.databases.app },
    publish: ["http"],
  });
  return { api: api.external };
};

export default () =>
  runStack({
    topologies: { shop },
    grounds: {
      docker: () => import("groundplan/docker"),
      kubernetes: () => import("groundplan/kubernetes"),
      aws: () => import("groundplan/aws"),
    },
  });
