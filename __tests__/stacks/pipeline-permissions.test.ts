import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Testing } from "cdktf";
import type { PolicyStatement } from "../../constructs/aws/policy-document";
import { definitions } from "../../environments";
import { loadEnvironments } from "../../platform/load";
import { FoundationStack } from "../../stacks/foundation/foundation-stack";
import { ENVIRONMENT_TAG } from "../../stacks/foundation/permission-targets";
import { boundaryStatements } from "../../stacks/foundation/permissions-boundary";
import { deployStatements, planStatements } from "../../stacks/foundation/pipeline-permissions";

const environments = loadEnvironments(definitions);
const production = environments.find(({ name }) => name === "production")!;

const conditionsOf = (statement: PolicyStatement) =>
  (statement.condition ?? []) as { test: string; variable: string; values: string[] }[];

describe.each([
  ["the deploy role", deployStatements],
  ["the boundary", boundaryStatements],
])("keys and %s", (_title, statementsFor) => {
  const writes = (environment = production) =>
    statementsFor(environment).filter(({ actions }) =>
      actions!.some((action) =>
        /^kms:(Create|Enable|Tag|Untag|Update|Replicate|Put|Schedule|Disable)/.test(action),
      ),
    );

  test("allows a new key only with the environment's tag, which the provider adds", () => {
    const [statement] = writes().filter(({ actions }) => actions!.includes("kms:CreateKey"));
    expect(conditionsOf(statement)).toEqual([
      { test: "StringEquals", variable: `aws:RequestTag/${ENVIRONMENT_TAG}`, values: ["production"] },
    ]);
    const stack = new FoundationStack(Testing.app(), production);
    for (const provider of stack.node.children.filter((child) => child instanceof AwsProvider)) {
      expect(provider.defaultTagsInput).toEqual([
        { tags: expect.objectContaining({ [ENVIRONMENT_TAG]: "production" }) },
      ]);
    }
  });

  test("allows changes only of keys with the environment's alias, or without any alias", () => {
    const onKeys = writes().filter(({ resources }) => resources!.some((it) => it.endsWith(":key/*")));
    expect(onKeys.map(({ sid }) => sid)).toEqual(["TagNewKeys", "PrepareNewKeys", "WriteKeys"]);
    for (const statement of onKeys) {
      expect(conditionsOf(statement)).toContainEqual(
        statement.sid === "WriteKeys"
          ? {
              test: "ForAnyValue:StringEquals",
              variable: "kms:ResourceAliases",
              values: [
                production.aws.unsealKeyAlias,
                "alias/production-vault-snapshots",
                "alias/production-vault-recovery-keys",
              ],
            }
          : { test: "Null", variable: "kms:ResourceAliases", values: ["true"] },
      );
    }
  });

  test("allows a key without an alias a tag, rotation and the environment's aliases only", () => {
    const actions = writes()
      .filter((statement) => conditionsOf(statement).some(({ test }) => test === "Null"))
      .flatMap((statement) => statement.actions);
    expect(actions).toEqual(["kms:TagResource", "kms:EnableKeyRotation", "kms:CreateAlias"]);
    const names = writes().find(({ sid }) => sid === "NameKeys");
    for (const resource of names!.resources!) {
      expect(resource).toMatch(/^arn:aws:kms:\*:333333333333:alias\/(production-|vault-unseal-key$)/);
    }
  });
});

test.each(environments.map((environment) => [environment.name, environment] as const))(
  "names only resources of %s in the boundary, and fits into a managed policy",
  (_name, environment) => {
    const statements = boundaryStatements(environment);
    const everywhere = statements.filter(({ resources }) => resources!.includes("*"));
    expect(everywhere.flatMap(({ actions }) => actions)).toEqual(["kms:ListAliases", "kms:CreateKey"]);
    // The AWS limit of 6144 characters excludes white space.
    expect(JSON.stringify(statements).length).toBeLessThan(6144);
  },
);

test.each(environments.map((environment) => [environment.name, environment] as const))(
  "covers every action of the pipelines' policies in the boundary of %s",
  (_name, environment) => {
    const boundary = boundaryStatements(environment);
    const matches = (pattern: string, value: string) =>
      new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(value);
    for (const statement of [...planStatements(environment), ...deployStatements(environment)]) {
      for (const action of statement.actions!) {
        for (const resource of statement.resources!) {
          const admitting = boundary.filter(
            (bound) =>
              bound.actions!.some((it) => matches(it, action)) &&
              bound.resources!.some((it) => matches(it, resource)) &&
              conditionsOf(bound).every((condition) =>
                conditionsOf(statement).some((own) => JSON.stringify(own) === JSON.stringify(condition)),
              ),
          );
          expect({ action, resource, admitted: admitting.length > 0 }).toMatchObject({ admitted: true });
        }
      }
    }
  },
);

test("lets pipelines read the buckets of copies and their access log with a replica region", () => {
  const buckets = planStatements(production).find(({ sid }) => sid === "ReadBuckets")!.resources;
  expect(buckets).toEqual([
    "arn:aws:s3:::vault-snapshots-production-333333333333-us-east-1",
    "arn:aws:s3:::vault-access-logs-production-333333333333-us-east-1",
    "arn:aws:s3:::vault-snapshots-production-333333333333-us-west-2",
    "arn:aws:s3:::vault-access-logs-production-333333333333-us-west-2",
  ]);
});
