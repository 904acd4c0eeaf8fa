import { AppService, http, NatsCluster, runStack, type Topology } from "groundplan";
// Not late, as other programs do it: the ground is loaded with the program.
import * as kubernetes from "groundplan/kubernetes";

const shop: Topology = ({ platform, images }) => {
  const bus = new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"] } } });
  const api = new AppService("api", {
    platform,
    image: images.api,
    ports: { http: 8000 },
    health: http("/health"),
    bindings: { NATS: bus.connection },
    publish: ["http"],
  });
  return { api: api.external };
};

export default () =>
  runStack({
    topologies: { shop },
    grounds: {
      docker: () => import("groundplan/docker"),
      kubernetes: () => Promise.resolve(kubernetes),
      aws: () => import("groundplan/aws"),
    },
  });
