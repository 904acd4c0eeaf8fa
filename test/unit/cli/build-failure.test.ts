import { describe, expect, test } from "vitest";
import { composeBuildFailure, engineBuildFailure } from "../../../src/cli/build-failure.ts";
import { container, planWith, resource } from "../preview/plans.ts";

const image = (component: string) => {
  const build = { context: `/shop/services/${component}`, dockerfile: `/shop/services/${component}/Dockerfile`, args: {} };
  return resource("docker:index/image:Image", `image-${component}`, { imageName: `shop-dev-${component}:1`, build });
};
const plan = planWith([
  image("api"),
  image("web"),
  container("api", "server", { image: "shop-dev-api:1" }),
  container("web", "server", { image: "shop-dev-web:1" }),
]);

describe("of Compose", () => {
  test("is told with component, Dockerfile and the lines of the step", () => {
    const output = `#8 [shop-dev-web 3/4] RUN npm ci
------
 > [shop-dev-web 3/4] RUN npm ci:
0.9 npm error code ENOENT
0.9 npm error no package.json
------
failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 254
`;
    expect(composeBuildFailure(plan, "/shop", output)).toBe(`the image of web could not be built from services/web/Dockerfile
   > [shop-dev-web 3/4] RUN npm ci:
  0.9 npm error code ENOENT
  0.9 npm error no package.json
  failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 254`);
  });
  test("is none of anything else that went wrong", () => {
    expect(composeBuildFailure(plan, "/shop", "dependency failed to start: container shop-dev-web is unhealthy")).toBeUndefined();
  });
});

describe("of the engine", () => {
  const output = ` +  docker:index:Image image-api creating (0s) Starting Docker build
 +  docker:index:Image image-api creating (3s) digest: sha256:a8a0cf
 +  docker:index:Image image-api creating (7s) about to fail
 +  docker:index:Image image-web creating (7s) all is well
 +  docker:index:Image image-api creating (7s) ls: /missing-file: No such file or directory
 +  docker:index:Image image-api creating (8s) error: error reading build output: exit code: 1
 +  docker:index:Image image-api **creating failed** error: error reading build output: exit code: 1
Diagnostics:
  docker:index:Image (image-api):
    error: error reading build output: exit code: 1`;

  test("is told in the same form, out of its progress", () => {
    expect(engineBuildFailure(plan, "/shop", output)).toBe(`the image of api could not be built from services/api/Dockerfile
  about to fail
  ls: /missing-file: No such file or directory
  error: error reading build output: exit code: 1`);
  });
  test("is none when all images were built", () => {
    expect(engineBuildFailure(plan, "/shop", " +  docker:index:Image image-web created (7s) all is well")).toBeUndefined();
  });
});
