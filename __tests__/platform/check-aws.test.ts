import { dev } from "../../environments/dev";
import { production } from "../../environments/production";
import { platformNames } from "../../platform/names";
import { loadEnvironments } from "../../platform/load";
import { govCloud, inRegion } from "../support/regions";
import { type Change, problemsOf, withChange } from "./support";

const problems = (change: Change, base = dev) => problemsOf(withChange(base, change));

describe("a region", () => {
  test.each(["us-esat-1", "us-east-9", "eu-west", "US-EAST-1"])("is rejected if it is %s", (region) => {
    expect(problems((e) => (e.aws.region = region))).toContain(
      `dev.aws.region: got "${region}"; allowed: an AWS region, such as us-east-1`,
    );
  });

  test.each(["us-gov-west-1", "cn-north-1", "eu-central-1", "eusc-de-east-1", "us-iso-east-1"])(
    "is accepted with principals, zones and hosts of %s",
    (region) => expect(problemsOf(inRegion(dev, region))).toEqual([]),
  );

  test("is rejected for copies, state and DR replication in another partition", () => {
    const change: Change = (e) => {
      e.aws.replica.region = "us-gov-west-1";
      e.aws.stateRegion = "cn-north-1";
      e.vault.enterprise = {
        licence: { secretName: "licence", key: "licence" },
        dr: {
          side: "primary",
          secondary: { name: "standby", account: "333333333333", region: "cn-north-1" },
          clusterAddress: "https://vault.example.com:8201",
          peerRanges: ["10.0.0.0/16"],
        },
      };
    };
    const allowed = "a region of the partition aws, as us-east-1 is";
    expect(problems(change, production)).toEqual([
      `production.aws.replica.region: got "us-gov-west-1"; allowed: ${allowed}`,
      `production.aws.stateRegion: got "cn-north-1"; allowed: ${allowed}`,
      `production.vault.enterprise.dr.secondary.region: got "cn-north-1"; allowed: ${allowed}`,
    ]);
  });
});

describe("a principal", () => {
  const FOREIGN = "arn:aws:iam::999999999999:role/vault-break-glass";

  test("is rejected if it is in another account", () => {
    expect(problems((e) => (e.aws.breakGlassPrincipal = FOREIGN))).toEqual([
      `dev.aws.breakGlassPrincipal: got "${FOREIGN}"; allowed: a principal of the account 111111111111 (aws.account)`,
    ]);
    expect(problems((e) => (e.aws.recoveryCustodians[2] = FOREIGN))).toEqual([
      `dev.aws.recoveryCustodians[2]: got "${FOREIGN}"; allowed: a principal of the account 111111111111 (aws.account)`,
    ]);
  });

  test("is rejected if it is in another partition, with the partition's name", () => {
    const arn = "arn:aws:iam::111111111111:role/vault-break-glass";
    const change: Change = (e) => (e.aws.breakGlassPrincipal = arn);
    expect(problems(change, govCloud(dev))).toEqual([
      `dev.aws.breakGlassPrincipal: got "${arn}"; allowed: a principal of the partition aws-us-gov, which us-gov-west-1 (aws.region) is in`,
    ]);
  });
});

describe("zones", () => {
  test.each([
    ["two that are named three times", ["us-east-1a", "us-east-1a", "us-east-1b"], { 1: "us-east-1a" }],
    [
      "two that are named twice",
      ["us-east-1b", "us-east-1a", "us-east-1b", "us-east-1a"],
      { 2: "us-east-1b", 3: "us-east-1a" },
    ],
  ])("are rejected if there are %s", (_, zones, again) => {
    const got = `dev.kubernetes.zones: got ${JSON.stringify(zones)}; allowed: `;
    expect(problems((e) => (e.kubernetes.zones = zones))).toEqual([
      ...Object.entries(again).map(
        ([index, zone]) =>
          `dev.kubernetes.zones[${index}]: got "${zone}"; allowed: a value that the list does not have yet`,
      ),
      `${got}one zone or at least three: one of two has the majority of the servers, and its loss stops Vault`,
    ]);
  });

  test("are rejected if one is in another region", () => {
    const zones = ["us-east-1a", "us-east-1b", "us-east-2c"];
    expect(problems((e) => (e.kubernetes.zones = zones))).toEqual([
      `dev.kubernetes.zones: got ${JSON.stringify(zones)}; allowed: zones of us-east-1 (aws.region), such as us-east-1a`,
    ]);
  });

  test.each(["us-west-2-lax-1a", "us-east-1-wl1-bos-wlz-1", "us-esat-1a", "us-east-1"])(
    "are rejected if one is %s",
    (zone) => {
      expect(problems((e) => (e.kubernetes.zones = [zone]))).toEqual([
        `dev.kubernetes.zones[0]: got "${zone}"; allowed: an availability zone, such as us-east-1a`,
      ]);
    },
  );
});

describe("a host of EKS", () => {
  test.each([
    ["oidcProvider", "oidc.eks.us-east-2.amazonaws.com/id/0123"],
    ["oidcProvider", "oidc-eks.us-east-2.api.aws/id/0123"],
    ["oidcProvider", "oidc.eks.us-east-1.amazonaws.com.cn/id/0123"],
    ["apiServer", "https://0123.gr7.eu-west-1.eks.amazonaws.com"],
  ])("is rejected as %s if it is %s", (field, value) => {
    expect(problems((e) => (e.kubernetes[field] = value))).toEqual([
      `dev.kubernetes.${field}: got "${value}"; allowed: that of a cluster in us-east-1 (aws.region)`,
    ]);
  });

  test("is not checked on other distributions, because an issuer in S3 may be in any region", () => {
    const change: Change = (e) => {
      e.kubernetes.distribution = "other";
      e.kubernetes.oidcProvider = "issuer.s3.us-west-2.amazonaws.com";
    };
    expect(problems(change)).toEqual([]);
  });
});

test("names roles and the boundary in the region's partition", () => {
  const names = platformNames(loadEnvironments([govCloud(dev)])[0]);
  expect(names.roleArn("server")).toBe("arn:aws-us-gov:iam::111111111111:role/dev-vault");
  expect(names.boundaryArn).toBe("arn:aws-us-gov:iam::111111111111:policy/dev-vault-boundary");
});
