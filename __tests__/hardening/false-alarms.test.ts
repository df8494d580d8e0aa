import { readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { parse } from "yaml";
import { spellsOutSecret } from "../../constructs/core/secret-texts";
import { evaluate } from "../../hardening/evaluate";
import { rules } from "../../hardening/rules";
import { testUnless } from "../support/needs";
import { helmRelease } from "./support/plain";

const TEXTS = [
  "README.md",
  "SECURITY.md",
  "docs",
  "examples",
  "templates",
  "environments",
  "__tests__/golden",
];
const charts = process.env.CHARTS;

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  return names.map((name) => join(path, name)).filter((file) => statSync(file).isFile());
}

test("at most one line of the pages, examples and golden files is taken for a secret", () => {
  const files = TEXTS.flatMap(filesIn);
  const alarms = files
    .filter((file) => extname(file) !== ".svg")
    .flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter(spellsOutSecret)
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(files.length).toBeGreaterThan(150);
  expect(alarms.length > 1 ? alarms : []).toEqual([]);
});

const withCharts = testUnless(
  charts === undefined
    ? "CHARTS is not set; name a folder with charts, each with its values.yaml"
    : undefined,
);

withCharts("at most one value of public charts is taken for a secret", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  for (const file of readdirSync(charts!, { recursive: true, encoding: "utf8" })) {
    if (!/(^|\/)values\.yaml$/.test(file)) continue;
    helmRelease(file, parse(readFileSync(join(charts!, file), "utf8")))(stack);
  }
  const { errors } = evaluate(
    stack.node.root,
    rules.filter(({ id }) => id === "helm-secret-values" || id === "secret-in-code"),
  );
  const alarms = errors.map(({ problem }) => problem);
  expect(alarms.length > 1 ? alarms : []).toEqual([]);
});
