import { translations } from "../components/service-mesh-gateway/translations.ts";
import { awsTranslations } from "../components/service-mesh-gateway/translations-aws.ts";
import type { Cell } from "../src/core/capabilities.ts";

const heading = `# Arguments of ServiceMeshGateway, ground by ground

Generated from \`components/service-mesh-gateway/translations.ts\` and \`translations-aws.ts\` by \`npm run docs:gateway\`; do not edit.

**yes** is honoured in full, **coarser** with less precision in the way described, **refused** is an error before anything is made. Arguments of a route stand under \`routes\`, without its name. The columns of Kubernetes are for proxies of Istio 1.31; "another class" is for another class of gateways (\`kubernetes.gatewayClass\`), where it differs.

Plain HTTP is sent to HTTPS with 308, by Istio's own interface and on AWS with 301.
`;

/** The text of docs/gateway.md. */
export function gatewayTable(): string {
  const header = ["argument", "Docker", 'Kubernetes, `api: "gateway-api"`', 'Kubernetes, `api: "istio"`', "another class", "AWS"];
  const rows = Object.entries(translations).map(([argument, { docker, gatewayApi, istio, another }]) => [
    `\`${argument}\``,
    shown(docker),
    shown(gatewayApi),
    istio === gatewayApi ? "the same" : shown(istio),
    another ? shown(another) : "as Gateway API",
    awsTranslations[argument] ? shown(awsTranslations[argument]) : "",
  ]);
  return `${heading}\n${[header, header.map(() => "---"), ...rows].map(line).join("\n")}\n`;
}

const shown = ({ state, how }: Cell) => `**${state}**: ${how}`;

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

if (import.meta.main) process.stdout.write(gatewayTable());
