import { type AwsPartition, isPartition } from "./region";

/** Parts of an ARN. */
export interface ArnParts {
  /** Partition of the resource. */
  readonly partition: AwsPartition;
  /** Service namespace, such as `kms`. */
  readonly service: string;
  /** Region of the resource. @default - none: the service has no regions */
  readonly region?: string;
  /** Account of the resource. @default - none: names are unique in the partition, such as those of buckets */
  readonly account?: string;
  /** Resource in the notation of the service, such as `role/pipeline`. */
  readonly resource: string;
}

/** Returns the ARN of an AWS resource. */
export function arnOf({ partition, service, region = "", account = "", resource }: ArnParts): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** Returns the parts of an ARN, or undefined if the text is not an ARN of a known partition. */
export function parseArn(text: string): Required<ArnParts> | undefined {
  const [prefix, partition, service, region, account, ...rest] = text.split(":");
  if (prefix !== "arn" || !isPartition(partition) || rest.length === 0) return undefined;
  return { partition, service, region, account, resource: rest.join(":") };
}

/** Returns the parts of the ARN of one IAM role or user, or undefined for other text. */
export function parsePrincipal(text: string): { partition: AwsPartition; account: string } | undefined {
  const arn = parseArn(text);
  const isOne =
    arn?.service === "iam" &&
    arn.region === "" &&
    /^\d{12}$/.test(arn.account) &&
    /^(role|user)\/([\x21-\x29\x2b-\x2e\x30-\x3e\x40-\x7e]+\/)*[\w+=,.@-]{1,64}$/.test(arn.resource);
  return isOne ? arn : undefined;
}
