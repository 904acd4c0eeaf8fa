/** Partition of a region, from its name. */
export const partitionOf = (region: string): "aws" | "aws-us-gov" => (region.startsWith("us-gov-") ? "aws-us-gov" : "aws");
