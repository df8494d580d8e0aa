import { anyText, checkArguments } from "../core/field";

/** AWS partition: a group of regions with separate accounts, IAM and domain names. */
export type AwsPartition = (typeof PARTITIONS)[number]["partition"];

/**
 * Partitions and their regions.
 * Source: endpoint data of the AWS SDK for JavaScript (`@aws-sdk/core` 3.981.2), read on 2026-11-30. A test compares
 * the table with `@aws-cdk/region-info` and names each region that is missing here.
 */
const PARTITIONS = [
  {
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    dualStackDnsSuffix: "api.aws",
    regions: [
      ...["af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
      ...["ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4"],
      ...["ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1"],
      ...["eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"],
      ...[
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "me-west-1",
        "mx-central-1",
        "sa-east-1",
        "sa-west-1",
      ],
      ...["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
    ],
  },
  {
    partition: "aws-cn",
    dnsSuffix: "amazonaws.com.cn",
    dualStackDnsSuffix: "api.amazonwebservices.com.cn",
    regions: ["cn-north-1", "cn-northwest-1"],
  },
  {
    partition: "aws-us-gov",
    dnsSuffix: "amazonaws.com",
    dualStackDnsSuffix: "api.aws",
    regions: ["us-gov-east-1", "us-gov-west-1"],
  },
  {
    partition: "aws-eusc",
    dnsSuffix: "amazonaws.eu",
    dualStackDnsSuffix: "api.amazonwebservices.eu",
    regions: ["eusc-de-east-1"],
  },
  {
    partition: "aws-iso",
    dnsSuffix: "c2s.ic.gov",
    dualStackDnsSuffix: "api.aws.ic.gov",
    regions: ["us-iso-east-1", "us-iso-west-1"],
  },
  {
    partition: "aws-iso-b",
    dnsSuffix: "sc2s.sgov.gov",
    dualStackDnsSuffix: "api.aws.scloud",
    regions: ["us-isob-east-1", "us-isob-west-1"],
  },
  {
    partition: "aws-iso-e",
    dnsSuffix: "cloud.adc-e.uk",
    dualStackDnsSuffix: "api.cloud-aws.adc-e.uk",
    regions: ["eu-isoe-west-1"],
  },
  {
    partition: "aws-iso-f",
    dnsSuffix: "csp.hci.ic.gov",
    dualStackDnsSuffix: "api.aws.hci.ic.gov",
    regions: ["us-isof-east-1", "us-isof-south-1"],
  },
] as const;

/** AWS region, with the partition and the domains of its ARNs and endpoints. */
export class AwsRegion {
  /** Returns the region, or undefined if AWS has no region of that name. */
  static find(name: string): AwsRegion | undefined {
    checkArguments("AwsRegion.find", { name: [name, anyText.known()] });
    return REGIONS.get(name);
  }

  /** Names of all regions. */
  static get names(): readonly string[] {
    return [...REGIONS.keys()];
  }

  /** Returns true if the host is in a domain of AWS's endpoints. */
  static isHost(host: string): boolean {
    checkArguments("AwsRegion.isHost", { host: [host, anyText.known()] });
    return PARTITIONS.some((it) => isBelow(host, it.dnsSuffix) || isBelow(host, it.dualStackDnsSuffix));
  }

  /** @internal */
  constructor(
    /** Name of the region, such as `us-east-1`. */
    readonly name: string,
    /** Partition of the region's accounts and ARNs. */
    readonly partition: AwsPartition,
    /** Domain of the region's endpoints over IPv4. */
    readonly dnsSuffix: string,
    /** Domain of the region's endpoints over IPv4 and IPv6. */
    readonly dualStackDnsSuffix: string,
  ) {}

  /** Returns true if the host is an endpoint in this region, such as `oidc.eks.us-east-1.amazonaws.com`. */
  hasHost(host: string): boolean {
    checkArguments("AwsRegion.hasHost", { host: [host, anyText.known()] });
    const suffix = [this.dnsSuffix, this.dualStackDnsSuffix].find((it) => isBelow(host, it));
    return suffix !== undefined && host.slice(0, -suffix.length).split(".").includes(this.name);
  }
}

function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`);
}

const REGIONS: ReadonlyMap<string, AwsRegion> = new Map(
  PARTITIONS.flatMap(({ partition, dnsSuffix, dualStackDnsSuffix, regions }) =>
    regions.map((name) => [name, new AwsRegion(name, partition, dnsSuffix, dualStackDnsSuffix)] as const),
  ),
);

/**
 * Returns the partition of a region.
 * @returns `aws` for a token, and for a region that is not in the table
 */
export function partitionOf(region: string): AwsPartition {
  return REGIONS.get(region)?.partition ?? "aws";
}

/**
 * Returns the host of a service in a region, such as `s3.us-east-1.amazonaws.com`. KMS identifies services by it in
 * `kms:ViaService`.
 */
export function serviceHost(service: string, region: string): string {
  return `${service}.${region}.${REGIONS.get(region)?.dnsSuffix ?? "amazonaws.com"}`;
}

/** Returns true if AWS has a partition of that name. */
export function isPartition(name: string): name is AwsPartition {
  return PARTITIONS.some(({ partition }) => partition === name);
}
