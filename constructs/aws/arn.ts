import { type AwsPartition, isPartition } from "./region";

export interface ArnParts {
  readonly partition: AwsPartition;
  readonly service: string;
  /** @default - none: the service has no regions */
  readonly region?: string;
  /** @default - none: names are unique in the partition, as those of buckets */
  readonly account?: string;
  readonly resource: string;
}

/** ARN of a resource of AWS. */
export function arnOf({ partition, service, region = "", account = "", resource }: ArnParts): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** Returns the parts of an ARN, or nothing if the text is not an ARN of a known partition. */
export function parseArn(text: string): Required<ArnParts> | undefined {
  const [prefix, partition, service, region, account, ...rest] = text.split(":");
  if (prefix !== "arn" || !isPartition(partition) || rest.length === 0) return undefined;
  return { partition, service, region, account, resource: rest.join(":") };
}

/** Returns the parts of the ARN of one IAM role or user, or nothing for another text. */
export function parsePrincipal(text: string): { partition: AwsPartition; account: string } | undefined {
  const arn = parseArn(text);
  const isOne =
    arn?.service === "iam" &&
    arn.region === "" &&
    /^\d{12}$/.test(arn.account) &&
    /^(role|user)\/([\x21-\x29\x2b-\x2e\x30-\x3e\x40-\x7e]+\/)*[\w+=,.@-]{1,64}$/.test(arn.resource);
  return isOne ? arn : undefined;
}
