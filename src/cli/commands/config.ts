import { shownValue } from "../../core/problems.ts";
import { openProject } from "../project.ts";
import { table } from "../table.ts";

/** Settings that `groundplan config` shows, in the order of the stack file. */
export function config(env: string): void {
  const { settings, stack } = openProject(env);
  const origin = (name: string) => settings.origins[name] ?? "default";
  const rows = [
    ["topology", settings.topology, origin("topology")],
    ["target", settings.target, origin("target")],
    ["profile", settings.profile.name, origin("profile")],
    ["isolation", settings.isolation || "-", origin("isolation")],
    ["mirror", settings.images.mirror ?? "-", origin("mirror")],
    ["subnetPool", settings.subnetPool, origin("subnetPool")],
    ["egress", settings.egress?.join(", ") ?? "whatever components declare", origin("egress")],
    ...(settings.retired.length > 0 ? [["retired", settings.retired.join(", "), origin("retired")]] : []),
    ...groundRows("kubernetes", settings.kubernetes, origin),
    ...groundRows("aws", settings.aws, origin),
    ...Object.entries(settings.images.overrides ?? {}).map(([name, image]) => [
      `images.${name}`,
      typeof image === "string" ? image : JSON.stringify(image),
      origin("images"),
    ]),
    ...Object.entries(settings.ports).map(([name, port]) => [`ports.${name}`, String(port), origin("ports")]),
    ...Object.entries(settings.components).flatMap(([name, args]) =>
      Object.entries(args).map(([key, value]) => [`components.${name}.${key}`, shownValue(key, value), origin("components")]),
    ),
    ...settings.environmentOverrides.map(({ path, value, variable }) => [
      `components.${path.join(".").toLowerCase()}`,
      shownValue(path.join("."), value),
      `environment ${variable}`,
    ]),
  ];
  console.log(`Settings of ${stack}`);
  console.log(table(["setting", "value", "from"], rows));
}

/** Settings of a ground; what the environment sets has an origin of its own. */
function groundRows(ground: string, values: object | undefined, origin: (name: string) => string): string[][] {
  return Object.entries(values ?? {}).map(([name, value]) => {
    const key = `${ground}.${name}`;
    const from = origin(key);
    return [key, typeof value === "string" ? value : JSON.stringify(value), from === "default" ? origin(ground) : from];
  });
}
