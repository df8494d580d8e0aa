import type {
  DataAwsIamPolicyDocumentStatementCondition,
  DataAwsIamPolicyDocumentStatementPrincipals,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { type Field, type Fields, fieldOf, list, object, text } from "../core/field";
import { provider } from "../core/fields";
import type { PartitionProps } from "./partition";
import type { PolicyStatement } from "./policy-document";
import { type AwsPartition, isPartition } from "./region";

const partition = fieldOf<AwsPartition>(
  "a partition of AWS, such as aws-us-gov",
  (value) => typeof value === "string" && isPartition(value),
).known();

/** Fields of `PartitionProps`. */
export const partitionFields: Fields<PartitionProps> = {
  partition: partition.optional(),
  provider: provider.optional(),
};

const texts = list(text) as unknown as Field<string[]>;

const principals = list(
  object<DataAwsIamPolicyDocumentStatementPrincipals>(() => ({ type: text, identifiers: texts })),
) as unknown as Field<DataAwsIamPolicyDocumentStatementPrincipals[]>;

const conditions = list(
  object<DataAwsIamPolicyDocumentStatementCondition>(() => ({ test: text, variable: text, values: texts })),
) as unknown as Field<DataAwsIamPolicyDocumentStatementCondition[]>;

const statement = object<PolicyStatement>(() => ({
  sid: text.optional(),
  effect: text.optional(),
  actions: texts.optional(),
  notActions: texts.optional(),
  resources: texts.optional(),
  notResources: texts.optional(),
  principals: principals.optional(),
  notPrincipals: principals.optional(),
  condition: conditions.optional(),
}));

/** Field for the statements of a policy. */
export const statements = list(statement).known() as unknown as Field<PolicyStatement[]>;
