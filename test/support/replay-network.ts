import { docker } from "./replay-volumes.ts";

/** The network of a replay: each pod has an address of its own that stays. */
export interface ReplayNetwork {
  next(): string;
}

/** An internal network in a range that the daemon picks; it gives fixed addresses only in a range that was asked for. */
export async function replayNetwork(name: string, label: string, tries = 5): Promise<ReplayNetwork> {
  const create = (...options: string[]) => docker(["network", "create", "--internal", "--label", label, ...options, name]);
  await create();
  const subnet = await docker(["network", "inspect", "--format", "{{(index .IPAM.Config 0).Subnet}}", name]);
  await docker(["network", "rm", name]);
  try {
    await create("--subnet", subnet);
  } catch (error) {
    // Another network took the range in between.
    if (tries <= 1) throw error;
    return replayNetwork(name, label, tries - 1);
  }
  const base = toNumber(subnet.slice(0, subnet.indexOf("/")));
  // The first one is the gateway's.
  let given = 1;
  return { next: () => toAddress(base + ++given) };
}

const toNumber = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (number: number) => [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
