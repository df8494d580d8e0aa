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

test("every policy of the platform is looked at", () => {
  expect(documents.length).toBeGreaterThan(100);
});

test("no policy allows everything, or all of a service but for the environment's own boundary and keys", () => {
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

test("nobody assumes a role but ServiceAccounts, GitHub workflows and S3, each under a condition", () => {
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

test("every denial has a condition, so that none locks out all of the account", () => {
  const denying = documents.flatMap(([, statements]) => statements.filter(({ effect }) => effect === "Deny"));
  expect(denying.length).toBeGreaterThan(20);
  for (const { condition } of denying) expect(condition?.length).toBeGreaterThan(0);
});
