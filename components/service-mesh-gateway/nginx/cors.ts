import type { Route } from "../model.ts";
import { block, quoted, variableOf } from "./settings.ts";

const any = (route: Route) => route.cors?.origins.includes("*") ?? false;

/** For each route that other origins may ask: which origin gets an answer, and whether a request is a preflight. */
export function corsMaps(routes: readonly Route[]): string[] {
  return routes.flatMap((route) => {
    const { cors } = route;
    if (!cors) return [];
    const allowed = any(route) ? ['"~." "*";'] : cors.origins.map((origin) => `${quoted(origin)} $http_origin;`);
    const origin = variableOf("cors", route);
    return [
      ...block(`map $http_origin ${origin}`, ['default "";', ...allowed]),
      ...block(`map "$request_method|$http_access_control_request_method|${origin}" ${variableOf("preflight", route)}`, [
        'default "";',
        String.raw`"~^OPTIONS\|[^|]+\|." "allowed";`,
        String.raw`"~^OPTIONS\|[^|]+\|$" "refused";`,
      ]),
      ...(cors.credentials ? block(`map ${origin} ${variableOf("credentials", route)}`, ['default "";', '"~." "true";']) : []),
    ];
  });
}

/** Headers of every answer of such a route; those without a value are not sent. */
export function corsHeaders(route: Route): string[] {
  if (!route.cors) return [];
  return [
    `add_header Access-Control-Allow-Origin ${variableOf("cors", route)} always;`,
    ...(route.cors.credentials ? [`add_header Access-Control-Allow-Credentials ${variableOf("credentials", route)} always;`] : []),
    ...(any(route) ? [] : ["add_header Vary Origin always;"]),
  ];
}

/** The gateway answers preflights itself, before any limit. */
export function preflightLines(route: Route, headersFile: string): string[] {
  const { cors } = route;
  if (!cors) return [];
  const preflight = variableOf("preflight", route);
  return [
    ...block(`if (${preflight} = "allowed")`, [
      // A block with headers of its own takes none from around it.
      `include ${headersFile};`,
      ...corsHeaders(route),
      `add_header Access-Control-Allow-Methods ${quoted(cors.methods.join(", "))} always;`,
      ...(cors.headers.length > 0 ? [`add_header Access-Control-Allow-Headers ${quoted(cors.headers.join(", "))} always;`] : []),
      `add_header Access-Control-Max-Age ${cors.maxAgeSeconds} always;`,
      "return 204;",
    ]),
    ...block(`if (${preflight} = "refused")`, [`include ${headersFile};`, "return 403;"]),
  ];
}

/** What an upstream says of other origins itself. */
export const corsHidden = ({ cors }: Route): string[] =>
  cors ? ["Allow-Origin", "Allow-Credentials", "Allow-Methods", "Allow-Headers", "Max-Age"].map((name) => `Access-Control-${name}`) : [];
