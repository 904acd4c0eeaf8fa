import { type Sample, sample } from "./exposition.ts";

/** Reads the page of stub_status that `--nginx.scrape-uri` names. */
export async function nginxSamples(args: readonly string[]): Promise<Sample[]> {
  const uri = args.find((arg) => arg.startsWith("--nginx.scrape-uri="))?.slice("--nginx.scrape-uri=".length);
  if (!uri) throw new Error("--nginx.scrape-uri is missing");
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`${uri} answers ${response.status}`);
    const numbers = [...(await response.text()).matchAll(/\d+/g)].map(([text]) => Number(text));
    const [active, accepted, handled, requests, reading, writing, waiting] = numbers;
    return [
      sample("nginx_up", 1),
      sample("nginx_connections_active", active),
      sample("nginx_connections_accepted", accepted),
      sample("nginx_connections_handled", handled),
      sample("nginx_http_requests_total", requests),
      sample("nginx_connections_reading", reading),
      sample("nginx_connections_writing", writing),
      sample("nginx_connections_waiting", waiting),
    ];
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return [sample("nginx_up", 0)];
  }
}
