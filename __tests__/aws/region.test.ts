import { RegionInfo } from "@aws-cdk/region-info";
import { AwsRegion, partitionOf, serviceHost } from "../../constructs/aws/region";

test.each(RegionInfo.regions.map(({ name }) => [name]))("returns partition and domain of %s", (name) => {
  const { partition, domainSuffix } = RegionInfo.get(name);
  expect(AwsRegion.find(name)).toMatchObject({ partition, dnsSuffix: domainSuffix });
});

test("returns undefined for a misspelled region, a zone or a pseudo region", () => {
  for (const name of ["us-esat-1", "us-east-1a", "aws-global", "US-EAST-1", "", "us-east-9"]) {
    expect(AwsRegion.find(name)).toBeUndefined();
  }
});

test("lists each region once", () => {
  expect(new Set(AwsRegion.names).size).toBe(AwsRegion.names.length);
});

test("builds a service host with the domain of the region", () => {
  expect(serviceHost("sts", "us-east-1")).toBe("sts.us-east-1.amazonaws.com");
  expect(serviceHost("s3", "cn-north-1")).toBe("s3.cn-north-1.amazonaws.com.cn");
  expect(serviceHost("kms", "us-gov-west-1")).toBe("kms.us-gov-west-1.amazonaws.com");
});

test("assumes the partition aws for a region that is a Terraform token", () => {
  expect(partitionOf("${var.region}")).toBe("aws");
});

describe("AwsRegion.hasHost and isHost", () => {
  const belongs = (region: string, host: string) => AwsRegion.find(region)!.hasHost(host);

  test.each([
    ["us-east-1", "oidc.eks.us-east-1.amazonaws.com"],
    ["us-east-1", "id.gr7.us-east-1.eks.amazonaws.com"],
    ["us-east-1", "oidc-eks.us-east-1.api.aws"],
    ["cn-north-1", "oidc.eks.cn-north-1.amazonaws.com.cn"],
    ["us-gov-west-1", "oidc.eks.us-gov-west-1.amazonaws.com"],
    ["eusc-de-east-1", "oidc.eks.eusc-de-east-1.amazonaws.eu"],
  ])("returns true in %s for the host %s", (region, host) => expect(belongs(region, host)).toBe(true));

  test.each([
    ["us-east-1", "oidc.eks.us-east-2.amazonaws.com"],
    ["cn-north-1", "oidc.eks.cn-north-1.amazonaws.com"],
    ["us-east-1", "oidc.eks.us-east-1.amazonaws.com.cn"],
    ["us-east-1", "us-east-1.example.com"],
  ])("returns false in %s for the host %s", (region, host) => expect(belongs(region, host)).toBe(false));

  test("distinguishes AWS hosts from other hosts", () => {
    expect(AwsRegion.isHost("oidc.eks.us-east-1.amazonaws.com")).toBe(true);
    expect(AwsRegion.isHost("oidc-eks.us-east-1.api.aws")).toBe(true);
    expect(AwsRegion.isHost("login.example.com")).toBe(false);
    expect(AwsRegion.isHost("amazonaws.com.example.com")).toBe(false);
  });
});
