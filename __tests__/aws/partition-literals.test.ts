import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

/** Shipped files, without the definitions, which name principals of the user's own accounts. */
const SHIPPED = [
  "cli",
  "constructs",
  "stacks",
  "templates/platform/scripts/deploy-account.sh",
  "templates",
  ".github/workflows",
];

/** AWS domains that are equal in all partitions: service principals, token audiences, EKS annotations. */
const EVERYWHERE = /"((logging\.)?s3|sts)\.amazonaws\.com"|"eks\.amazonaws\.com\/role-arn"/g;

function filesOf(path: string): string[] {
  if (/\.\w+$/.test(path) && !path.endsWith(".github")) return [path];
  return readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesOf(`${path}/${entry.name}`) : [`${path}/${entry.name}`],
  );
}

const lines = SHIPPED.flatMap(filesOf)
  // Excludes the table of partitions itself.
  .filter((file) => file !== "constructs/aws/region.ts")
  .flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .map((text) => `${file}: ${text.trim()}`),
  );

test("finds no ARN with the partition aws in shipped code", () => {
  expect(lines.filter((line) => line.includes("arn:aws:"))).toEqual([]);
});

test("finds no regional host with the domain of the partition aws in shipped code", () => {
  const withHosts = lines.filter((line) => /[\w}]\.amazonaws\.com/.test(line.replace(EVERYWHERE, "")));
  // Comments may link to the AWS documentation.
  expect(withHosts.filter((line) => !/: (\*|\/\*\*|\/\/)/.test(line))).toEqual([]);
});

test("checks stacks, CLI and templates", () => {
  const files = new Set(lines.map((line) => line.split(":")[0]));
  for (const file of [
    "stacks/foundation/foundation-stack.ts",
    "cli/doctor/checks.ts",
    "templates/platform/scripts/deploy-account.sh",
  ]) {
    expect(files).toContain(file);
  }
  expect(files.size).toBeGreaterThan(200);
});
