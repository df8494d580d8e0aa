import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dev } from "../../environments/dev";
import { drProduction } from "../../environments/dr-production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { writePlatform } from "../support/platform";
import { moved } from "../support/regions";
import { primary, secondary } from "./support/dr-environments";

/** All strings of all stacks, including keys. */
function textsOf(definitions: readonly EnvironmentDefinition[]): string[] {
  const folder = join(writePlatform(definitions).outdir, "stacks");
  return readdirSync(folder).flatMap((stack) =>
    collect(JSON.parse(readFileSync(join(folder, stack, "cdk.tf.json"), "utf8"))),
  );
}

function collect(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...collect(item)]);
}

const matches = (texts: readonly string[], pattern: RegExp) => [
  ...new Set(texts.flatMap((text) => text.match(pattern) ?? [])),
];

/** Names that are equal in all AWS partitions: service principals, token audiences, annotations. */
const EVERYWHERE = ["logging.s3.amazonaws.com", "s3.amazonaws.com", "sts.amazonaws.com", "eks.amazonaws.com"];

describe.each([
  ["us-gov-west-1", "us-gov-east-1", "aws-us-gov", "amazonaws.com"],
  ["cn-north-1", "cn-northwest-1", "aws-cn", "amazonaws.com.cn"],
  ["us-iso-east-1", "us-iso-west-1", "aws-iso", "c2s.ic.gov"],
])("environments of %s and %s", (region, replica, partition, suffix) => {
  let texts: string[];
  beforeAll(() => {
    const regions = {
      "us-east-1": region,
      "us-west-2": replica,
      "eu-west-1": replica,
      "eu-central-1": region,
    };
    texts = textsOf([dev, primary, secondary, drProduction].map((it) => moved(it, regions)));
  });

  test("name ARNs of their partition only", () => {
    expect(matches(texts, /arn:[\w-]+/g)).toEqual([`arn:${partition}`]);
    expect(texts.filter((text) => text.startsWith("arn:")).length).toBeGreaterThan(100);
  });

  test("name hosts in their domain only", () => {
    const hosts = matches(
      texts,
      /[\w.-]*\.?(amazonaws\.com(\.cn)?|c2s\.ic\.gov|amazonaws\.eu|api\.aws)\b[\w.]*/g,
    );
    const foreign = hosts.filter((host) => !EVERYWHERE.includes(host) && !host.endsWith(`.${suffix}`));
    expect(foreign).toEqual([]);
    expect(hosts).toContain(`s3.${region}.${suffix}`);
    expect(hosts).toContain(`secretsmanager.${region}.${suffix}`);
  });

  test("name no region of another partition", () => {
    expect(matches(texts, /\b(us|eu)-(east|west|central)-\d\b/g)).toEqual([]);
  });
});
