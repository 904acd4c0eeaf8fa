import { AppService, http, RedisCache, runStack, type Topology } from "groundplan";

const shop: Topology = ({ platform, images }) => {
  const cache = new RedisCache("cache", { platform });
  // @ts-expect-error: a number is wanted; without types, this would be an error where nothing is wrong.
  const wrong = (): unknown => new RedisCache("wrong", { platform, replicas: "3" });
  void wrong;
  const api = new AppService("api", {
    platform,
    image: images.api,
    ports: { http: 8000 },
    health: http("/health"),
    bindings: { REDIS: cache.connection },
    publish: ["http"],
  });
  return { api: api.external };
};

export = () =>
  runStack({
    topologies: { shop },
    grounds: { docker: () => import("groundplan/docker") },
  });
