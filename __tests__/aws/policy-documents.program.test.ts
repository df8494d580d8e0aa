import { App, Testing } from "cdktf";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { definitions } from "../../environments";
import { buildPlatform } from "../../stacks";

// Conditions that checkov cannot check here, because the policies are document data sources instead of JSON.

interface Statement {
  readonly effect?: "Allow" | "Deny";
  readonly actions: string[];
  readonly principals?: { type: string; identifiers: string[] }[];
  readonly condition?: object[];
}

const documents = (() => {
  const app = Testing.app() as App;
  buildPlatform(app, definitions);
  app.synth();
  const folder = join(app.outdir, "stacks");
  return readdirSync(folder).flatMap((stack): [string, Statement[]][] => {
    const { data } = JSON.parse(readFileSync(join(folder, stack, "cdk.tf.json"), "utf8"));
    return Object.entries<{ statement: Statement[] }>(data?.aws_iam_policy_document ?? {}).map(
      ([id, { statement }]) => [`${stack}/${id}`, statement],
    );
  });
})();

const allowing = documents.flatMap(([path, statements]) =>
  statements.filter(({ effect }) => effect !== "Deny").map((statement) => ({ path, ...statement })),
);

test("checks the policies of the whole platform", () => {
  expect(documents.length).toBeGreaterThan(100);
});

test("allows service wildcards only in boundaries and key policies", () => {
  const whole = allowing.flatMap(({ path, actions }) =>
    actions
      .filter((action) => /^(\*|\w+:\*)$/.test(action))
      .map(
        (action) => `${/(KeyPolicy|BoundaryDocument)(?:_[0-9A-F]{8})?$/.exec(path)?.[1] ?? path} ${action}`,
      ),
  );
  expect([...new Set(whole)].sort()).toEqual([
    "BoundaryDocument s3:*",
    "BoundaryDocument secretsmanager:*",
    "KeyPolicy kms:*",
  ]);
});

test("trusts only federated and service principals to assume roles, each under a condition", () => {
  const trusting = allowing.filter(({ actions }) => actions.some((action) => action.startsWith("sts:")));
  expect(trusting.length).toBeGreaterThan(20);
  for (const { path, principals, condition } of trusting) {
    expect({ path, types: principals?.map(({ type }) => type) }).toEqual({
      path,
      types: [expect.stringMatching(/^(Federated|Service)$/)],
    });
    expect(condition).not.toEqual([]);
    expect(condition).toBeDefined();
  }
});

test("sets a condition on every deny statement", () => {
  const denying = documents.flatMap(([, statements]) => statements.filter(({ effect }) => effect === "Deny"));
  expect(denying.length).toBeGreaterThan(20);
  for (const { condition } of denying) expect(condition?.length).toBeGreaterThan(0);
});
