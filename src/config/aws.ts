import { z } from "zod";
import { form, listOfForm } from "./forms.ts";

const region = form(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region, e.g. eu-central-1");
const subnets = listOfForm(/^subnet-[0-9a-f]{8,17}$/, "a list of subnet ids, one per zone");

/** `aws` in the stack file: where, and in which network. Nothing of it is looked up. */
export const awsSchema = z.strictObject({
  region,
  /** The one account that may be changed. */
  accountId: form(/^\d{12}$/, "an account id in quotes: 12 digits"),
  /** Zones by name, e.g. `eu-central-1a`: 2 or 3, by profile. */
  zones: listOfForm(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "a list of zones, e.g. eu-central-1a"),
  /** Addresses of the network that is made. @default "10.20.0.0/16" */
  cidr: form(/^(\d{1,3}\.){3}\d{1,3}\/(1[6-9]|2[0-2])$/, "a private range between /16 and /22, e.g. 10.20.0.0/16").optional(),
  /** Ranges of networks that this one may be joined with: offices, peers, other environments. */
  takenCidrs: listOfForm(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/, "a list of ranges, e.g. 10.0.0.0/16").optional(),
  /** A network that is there already, instead of a new one. */
  vpc: z.strictObject({ id: form(/^vpc-[0-9a-f]{8,17}$/, "the id of a VPC"), public: subnets, private: subnets, data: subnets }).optional(),
  /** Way out of the private subnets. @default by profile: one (dev, staging), regional (prod) */
  nat: z.enum(["none", "one", "regional"]).optional(),
  /** Region that keeps a second copy of the backups. */
  backupRegion: region.optional(),
  /** SNS topics that alarms notify. */
  alarmTopics: listOfForm(/^arn:aws[\w-]*:sns:\S+$/, "a list of topic ARNs").optional(),
  /** Service -> URL, for an emulator. */
  endpoints: z.record(z.string(), form(/^https?:\/\/\S+$/, "a URL"), "a map of services to URLs").optional(),
});
