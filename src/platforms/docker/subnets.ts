/** First and last address of a subnet, as numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

export function rangeOf(cidr: string): AddressRange {
  const [address = "", bits = "32"] = cidr.split("/");
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1 };
}

export const meets = (a: AddressRange, b: AddressRange) => a.first <= b.last && b.first <= a.last;

export const isWithin = (inner: AddressRange, outer: AddressRange) => outer.first <= inner.first && inner.last <= outer.last;

/** Whether two subnets have an address in common. */
export const overlap = (a: string, b: string) => meets(rangeOf(a), rangeOf(b));
