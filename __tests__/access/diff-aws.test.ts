import { awsChanges } from "../../access/diff-aws";
import { environmentFrom, type Stack } from "./support/golden-platform";
import {
  type Edit,
  anyone,
  changes,
  DECRYPT,
  describeRow,
  document,
  json,
  permit,
  resource,
  rows,
  statements,
} from "./support/aws-edits";

describe("access diff of AWS", () => {
  it("is empty for equal revisions", () => {
    expect(changes(() => undefined)).toEqual([]);
  });

  it("says who gains which control of the unseal key if its denial vanishes", () => {
    const actions =
      "kms:PutKeyPolicy, kms:UpdatePrimaryRegion, kms:ScheduleKeyDeletion, kms:DisableKey, kms:DeleteImportedKeyMaterial, kms:UpdateAlias, kms:DeleteAlias, kms:DisableKeyRotation";
    const [first, second] = rows((stack) => {
      const key = document(stack, "Unseal_KeyPolicy");
      key.statement = (key.statement as Stack[]).filter(({ effect }) => effect !== "Deny");
    });
    expect(first).toBe(
      `wider any administrator of the account: + may ${actions} on the unseal key alias/vault-unseal-key [unseal key]`,
    );
    expect(second).toMatch(
      /^wider unseal key .*: - Deny kms:ScheduleKeyDeletion.*\[unseal key, protection\]$/,
    );
  });

  it("says that the backup role may decrypt with the unseal key", () => {
    expect(rows((stack) => permit(stack, "Backup_Permissions", DECRYPT))[0]).toBe(
      "wider role production-vault-backup: + may kms:Decrypt on the unseal key alias/vault-unseal-key [unseal key]",
    );
  });

  it("says that a foreign account may decrypt with the unseal key", () => {
    const principals = [{ type: "AWS", identifiers: ["999999999999"] }];
    expect(
      rows((stack) => permit(stack, "Unseal_KeyPolicy", { ...DECRYPT, resources: ["*"], principals }))[0],
    ).toBe(
      "wider account 999999999999: + may kms:Decrypt on the unseal key alias/vault-unseal-key [unseal key, foreign account]",
    );
  });

  it.each<[string, Edit]>([
    ["statements in another order", (s) => document(s, "Deploy_Permissions").statement.reverse()],
    [
      "actions in another order",
      (s) => statements(s, "Deploy_Permissions").forEach((it) => it.actions.reverse()),
    ],
    ["one value without a list", (s) => (statements(s, "Backup_Permissions")[0].actions = "s3:PutObject")],
    ["another case of actions", (s) => (statements(s, "Backup_Permissions")[0].actions = ["S3:putobject"])],
    [
      "a statement split in two",
      (s) => {
        const [, it] = statements(s, "Backup_Permissions");
        permit(s, "Backup_Permissions", { ...it, sid: "More", actions: [it.actions.pop()] });
      },
    ],
    [
      "a repeated statement",
      (s) => permit(s, "Backup_Permissions", { ...statements(s, "Backup_Permissions")[0], sid: "Again" }),
    ],
    [
      "an action that a wildcard covers",
      (s) =>
        statements(s, "BoundaryDocument")
          .find((it) => it.actions[0] === "s3:*")!
          .actions.push("s3:GetObject"),
    ],
    [
      "the default effect written out",
      (s) => statements(s, "Backup_Permissions").forEach((it) => (it.effect = "Allow")),
    ],
    [
      "an account for its root",
      (s) => (statements(s, "Unseal_KeyPolicy")[0].principals[0].identifiers = ["333333333333"]),
    ],
    [
      "ArnLike for ArnEquals",
      (s) => statements(s, "Unseal_KeyPolicy")[1].condition.forEach((it: Stack) => (it.test = "ArnNotLike")),
    ],
    ["other Sids", (s) => statements(s, "Unseal_KeyPolicy").forEach((it, index) => (it.sid = `S${index}`))],
    [
      "other descriptions and tags",
      (s) =>
        Object.assign(resource(s, "aws_kms_key", "Unseal"), {
          description: "Unseals Vault, or it stays sealed",
          tags: { a: "b" },
        }),
    ],
    [
      "the same policy as JSON",
      (s) =>
        (resource(s, "aws_iam_role_policy", "Backup").policy = json(
          {
            Effect: "Allow",
            Action: "s3:PutObject",
            Resource: "arn:aws:s3:::vault-snapshots-production-333333333333-us-east-1/*",
          },
          {
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: "${aws_kms_key.Snapshots_Key_4567620F.arn}",
            Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] } },
          },
        )),
    ],
    [
      "another id of a construct",
      (s) => {
        const roles = s.resource.aws_iam_role;
        roles.Renamed = roles.Backup_DA3807AC;
        delete roles.Backup_DA3807AC;
        resource(s, "aws_iam_role_policy", "Backup").role = "${aws_iam_role.Renamed.name}";
      },
    ],
    [
      "the default window of deletion",
      (s) => delete resource(s, "aws_kms_key", "Unseal").deletion_window_in_days,
    ],
  ])("says nothing about %s", (_title, edit) => {
    expect(rows(edit)).toEqual([]);
  });

  it.each<[string, Edit]>([
    ["a permission that is gone", (s) => statements(s, "Backup_Permissions").splice(0, 1)],
    [
      "another denial",
      (s) =>
        permit(s, "Snapshots_Bucket_Policy", {
          effect: "Deny",
          actions: ["s3:DeleteBucket"],
          resources: ["*"],
          ...anyone,
        }),
    ],
    [
      "a longer lock",
      (s) => (resource(s, "aws_s3_bucket_object_lock_configuration").rule.default_retention.days = 365),
    ],
    [
      "another condition of a trust",
      (s) =>
        statements(s, "Backup_Trust")[0].condition.push({
          test: "StringEquals",
          variable: "aws:SourceVpc",
          values: ["vpc-1"],
        }),
    ],
    [
      "a role that is gone",
      (s) => {
        delete s.resource.aws_iam_role.Plan_DAF4E53A;
        delete s.resource.aws_iam_role_policy.Plan_Policy_E7BA2315;
        for (const key of Object.keys(s.resource.aws_eks_access_entry))
          if (key.startsWith("Plan")) delete s.resource.aws_eks_access_entry[key];
      },
    ],
  ])("narrows by %s", (_title, edit) => {
    const found = changes(edit);
    expect(found).not.toEqual([]);
    expect(found.filter(({ direction }) => direction !== "narrower").map(describeRow)).toEqual([]);
  });

  it("labels permissions in JSON like those of documents", () => {
    const role = (policy: unknown) =>
      environmentFrom({
        "production-x": {
          resource: {
            aws_iam_role: {
              R: {
                name: "r",
                assume_role_policy: json({
                  Effect: "Allow",
                  Action: "sts:AssumeRole",
                  Principal: { Service: "ec2.amazonaws.com" },
                }),
              },
            },
            aws_iam_role_policy: { P: { role: "r", policy } },
          },
        },
      });
    const [none, all] = [
      { Effect: "Allow", Action: "s3:ListBucket", Resource: "*" },
      { Effect: "Allow", Action: "*", Resource: "*" },
    ];
    expect(awsChanges(role(json(none)), role(json(all))).map(describeRow)).toContain(
      "wider role r: + Allow * on * [root, wildcard, trust]",
    );
  });
});
