import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mirrored } from "../../src/core/images.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { daemon, discard, inspect, ran, up, upArgs } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const base = mirrored("docker.io/library/busybox:1.37", mirror ? { mirror } : {});
const dockerfile = (step: string) => `FROM ${base} AS run
ARG GREETING=none
COPY . /www
RUN ${step}
FROM scratch AS other
`;
const good = dockerfile('echo "$GREETING" > /www/greeting');

describeDocker("an image that is built from a folder", () => {
  let project: TempProject;

  const write = (file: string, content: string) => writeFileSync(join(project.root, "services", "api", file), content);
  const image = async () => (await inspect(project, "api")).Config.Image;
  const answered = async (path: string) => {
    const { NetworkSettings } = await inspect(project, "api");
    const port = NetworkSettings.Ports["8000/tcp"]?.[0]?.HostPort;
    return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  };

  beforeAll(async () => {
    project = tempProject("ibd");
    mkdirSync(join(project.root, "services", "api"), { recursive: true });
    // The image comes from the stack file, so the topology only asks for it by its name.
    project.topology(`
      new AppService("api", {
        platform, image: images.api, tools: ["wget"], ports: { http: 8000 }, health: http("/index.html"),
        command: ["httpd", "-f", "-p", "8000", "-h", "/www"], publish: ["http"],
      });
      return {};`);
    project.settings({ images: { api: { build: { context: "services/api", target: "run", args: { GREETING: "hello" } } } } });
    write("Dockerfile", good);
    write(".dockerignore", "notes.md\n");
    write("index.html", "first");
    write("notes.md", "not for the image");
    await up(project);
  });
  afterAll(() => discard(project));

  test("runs with its stage, its arguments, and without what is ignored", async () => {
    expect(await answered("/index.html")).toBe("first");
    expect(await answered("/greeting")).toBe("hello\n");
    expect(await answered("/notes.md")).toContain("404");
    expect(await image()).toMatch(new RegExp(`^${project.prefix}-api:[0-9a-f]{12}$`));
  });

  test("is not built again for what does not count, and is for a changed file", async () => {
    const [before, { Id }] = [await image(), await inspect(project, "api")];
    const { Created } = await daemon.getImage(before).inspect();
    utimesSync(join(project.root, "services", "api", "index.html"), new Date(0), new Date(0));
    write("notes.md", "changed");
    await up(project);
    expect(await image()).toBe(before);
    expect((await inspect(project, "api")).Id).toBe(Id);
    expect((await daemon.getImage(before).inspect()).Created).toBe(Created);
    write("index.html", "second");
    await up(project);
    expect(await image()).not.toBe(before);
    expect(await answered("/index.html")).toBe("second");
  });

  test("that cannot be built tells the component, the Dockerfile and what the step said, and the service runs on", async () => {
    const before = await image();
    write("Dockerfile", dockerfile("echo looking for the licence && ls /licence"));
    const told = await ran(project, upArgs, 2);
    expect(told).toContain("the image of api could not be built from services/api/Dockerfile");
    expect(told).toContain("looking for the licence");
    expect(told).toContain("ls: /licence: No such file or directory");
    expect(await image()).toBe(before);
    expect(await answered("/index.html")).toBe("second");
  });

  test("is in a rendered folder with its sources, and not what is ignored", async () => {
    write("Dockerfile", good);
    await ran(project, ["render", "dev", "--output", "out"]);
    const compose = readFileSync(join(project.root, "out", "compose.yaml"), "utf8");
    expect(compose).toMatch(/build:\n +context: \.\/build\/\S+-api\n +dockerfile: Dockerfile\n +args:\n +GREETING: hello\n +target: run\n/);
    const folder = /context: \.\/(build\/\S+)/.exec(compose)?.[1] ?? "";
    expect(readFileSync(join(project.root, "out", folder, "index.html"), "utf8")).toBe("second");
    expect(() => readFileSync(join(project.root, "out", folder, "notes.md"))).toThrow("ENOENT");
  });
});
