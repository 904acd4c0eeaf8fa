import { describe, expect, test } from "vitest";
import { type Cause, causeOf } from "../../../src/cli/engines/causes.ts";

/** Words of Pulumi 3.260, its Docker provider 5.2, Docker Compose 2 and daemon 20.10, as they were printed; only paths are shortened. */
const said: readonly (readonly [string, Cause["code"], string, string])[] = [
  [
    "Pulumi whose state another process has",
    "GP205",
    "the state is locked by root@vm, process 16092, since 2026-11-29T08:11:59Z",
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///shop/.groundplan/dev/pulumi/.pulumi/locks/organization/shop/dev/6389c056-0a82-420c-b956-d0bc0d33cf27.json?no_tmp_dir=true: created by root@vm (pid 16092) at 2026-11-29T08:11:59Z",
  ],
  [
    "Pulumi with another passphrase",
    "GP206",
    "the passphrase does not open the state",
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
  ],
  [
    "Compose, and an image that the mirror does not have",
    "GP404",
    "the registry does not give the image 127.0.0.1:5000/library/postgres:99.1",
    "Error response from daemon: manifest for 127.0.0.1:5000/library/postgres:99.1 not found: manifest unknown: manifest unknown",
  ],
  [
    "Compose, and a mirror at a closed port",
    "GP111",
    "the registry http://127.0.0.1:5999 does not answer: dial tcp 127.0.0.1:5999: connect: connection refused",
    'Error response from daemon: Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
  ],
  [
    "Pulumi, and a registry whose name nobody knows",
    "GP111",
    "the registry https://registry-1.docker.io does not answer: dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host",
    'docker:index:RemoteImage (image-library-postgres-16.15-alpine):\n\t* Unable to read Docker image into resource: unable to pull image docker.io/library/postgres:16.15-alpine: error pulling image docker.io/library/postgres:16.15-alpine: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host',
  ],
];

describe("the cause that an engine names", () => {
  test.each(said)("%s: %s", (_, code, what, text) => {
    const cause = causeOf(text);
    expect(cause?.code).toBe(code);
    expect(cause?.what).toBe(what);
    expect(cause?.fix).not.toBe("");
  });

  test("what is none of them has no cause", () => {
    expect(causeOf("container shop-dev-api-1 is unhealthy")).toBeUndefined();
    expect(causeOf("connection refused")).toBeUndefined();
    expect(causeOf("the incorrect password for user app")).toBeUndefined();
  });
});
