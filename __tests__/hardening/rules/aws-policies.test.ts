import { describeRule } from "../support/describe-rule";
import { data, nothing, resource, together } from "../support/plain";

const anyone = { Effect: "Allow", Principal: "*", Resource: "*" };
const json = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const hcl = (value: object) => `\${jsonencode(${JSON.stringify(value)})}`;
const NOT_READ = "a policy is formed by an expression that only Terraform can evaluate";
const ACCOUNT = "111111111111";
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const root = { Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "kms:*", Resource: "*" };
const provider = (stack: { addOverride(path: string, value: unknown): void }) =>
  stack.addOverride("provider.aws", [{ region: "us-east-1", allowed_account_ids: [ACCOUNT] }]);
const denial = (...actions: string[]) => ({
  Effect: "Deny",
  Principal: "*",
  Action: actions,
  Resource: "*",
  Condition: { ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/break-glass` } },
});

const trust = (principal: unknown) => ({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });
const right = (action: string) => ({ Effect: "Allow", Action: action, Resource: "*" });

describeRule("resource-policies", {
  compliant: {
    "the account": resource("aws_kms_key", { policy: json(root) }),
    "anyone of one organization": resource("aws_kms_key_policy", {
      policy: json({
        ...anyone,
        Action: "kms:Decrypt",
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
      }),
    }),
    "a denial for anyone": resource("aws_secretsmanager_secret_policy", {
      policy: json(denial("secretsmanager:*")),
    }),
  },
  violated: {
    "anyone, in JSON": [
      resource("aws_kms_key", { policy: json({ ...anyone, Action: "kms:*" }) }),
      "the policy allows everybody kms:*",
    ],
    "anyone, by jsonencode": [
      resource("aws_secretsmanager_secret", {
        policy: hcl({ Statement: [{ ...anyone, Action: ["secretsmanager:GetSecretValue"] }] }),
      }),
      "the policy allows everybody secretsmanager:GetSecretValue",
    ],
    "anyone but a role": [
      resource("aws_kms_key", {
        policy: json({
          Effect: "Allow",
          NotPrincipal: { AWS: "arn:aws:iam::1:role/a" },
          Action: "kms:Decrypt",
          Resource: "*",
        }),
      }),
      "the policy allows everybody kms:Decrypt",
    ],
    "anyone under a condition that anyone meets": [
      resource("aws_kms_key", {
        policy: json({
          ...anyone,
          Action: "kms:Decrypt",
          Condition: { StringLike: { "aws:PrincipalArn": "*" } },
        }),
      }),
      "the policy allows everybody kms:Decrypt",
    ],
    "a document for anyone": [
      data("aws_iam_policy_document", {
        statement: [
          { actions: ["kms:Decrypt"], resources: ["*"], principals: [{ type: "*", identifiers: ["*"] }] },
        ],
      }),
      "the policy allows everybody kms:Decrypt",
    ],
  },
  notJudged: {
    "the content of a file": [resource("aws_kms_key", { policy: '${file("policy.json")}' }), NOT_READ],
    "principals that a variable names": [
      resource("aws_kms_key", { policy: json({ ...root, Principal: { AWS: "${var.reader}" } }) }),
      NOT_READ,
    ],
  },
  notApplicable: { "a key without a policy": resource("aws_kms_key", {}), "what is no key": nothing },
});

const unseal = (policy?: string) =>
  together(
    (stack) => provider(stack),
    resource("aws_kms_key", { description: "Unseals Vault", ...(policy ? { policy } : {}) }, "Seal"),
  );
const share = (policy?: string) =>
  together(
    (stack) => provider(stack),
    resource("aws_secretsmanager_secret", { name: "recovery-key-1", ...(policy ? { policy } : {}) }),
  );
const CONTROL = ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:PutKeyPolicy"];

describeRule("guarded-objects", {
  compliant: {
    "a key that only break-glass destroys": unseal(json(root, denial(...CONTROL))),
    "a share that only break-glass and its custodian reach": share(
      json(
        denial(
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutResourcePolicy",
          "secretsmanager:DeleteResourcePolicy",
        ),
      ),
    ),
  },
  violated: {
    "a key that trusts the account": [
      unseal(),
      "any administrator of the account may kms:PutKeyPolicy, kms:ScheduleKeyDeletion, kms:DisableKey on the unseal key aws_kms_key.Seal",
    ],
    "a key whose denial lacks an action": [
      unseal(json(root, denial("kms:ScheduleKeyDeletion", "kms:DisableKey"))),
      "any administrator of the account may kms:PutKeyPolicy on the unseal key aws_kms_key.Seal",
    ],
    "a key with a grant to another account": [
      unseal(
        json(root, denial(...CONTROL), {
          ...root,
          Action: "kms:Decrypt",
          Principal: { AWS: "999999999999" },
        }),
      ),
      "account 999999999999 may kms:Decrypt on the unseal key aws_kms_key.Seal",
    ],
    "a share without a policy": [
      share(),
      "any administrator of the account may secretsmanager:GetSecretValue, secretsmanager:PutResourcePolicy, secretsmanager:DeleteResourcePolicy on the recovery share recovery-key-1",
    ],
  },
  notJudged: {
    "a key's policy from a file": [
      unseal('${file("policy.json")}'),
      "only Terraform can evaluate the policy of the unseal key aws_kms_key.Seal",
    ],
  },
  notApplicable: {
    "another key": resource("aws_kms_key", { description: "Encrypts logs" }),
    "what is no key": nothing,
  },
});

describeRule("kms-rotation", {
  compliant: { "a key that rotates": resource("aws_kms_key", { enable_key_rotation: true }) },
  violated: {
    "a key without rotation": [resource("aws_kms_key", {}), "enable_key_rotation is not true"],
    "rotation that is off": [
      resource("aws_kms_key", { enable_key_rotation: false }),
      "enable_key_rotation is not true",
    ],
  },
  notApplicable: {
    "a key for signatures, which AWS does not rotate": resource("aws_kms_key", {
      customer_master_key_spec: "RSA_2048",
    }),
    "what is no key": nothing,
  },
});

const snapshots = (rule?: object) =>
  together(
    resource("aws_s3_bucket", { bucket: "vault-snapshots" }, "Snapshots"),
    ...(rule
      ? [
          resource("aws_s3_bucket_server_side_encryption_configuration", {
            bucket: "vault-snapshots",
            rule: [rule],
          }),
        ]
      : []),
  );
const by = (algorithm: string) => ({ apply_server_side_encryption_by_default: { sse_algorithm: algorithm } });

describeRule("bucket-encryption", {
  compliant: { "a key of KMS": snapshots(by("aws:kms")) },
  violated: {
    "no configuration": [snapshots(), "no key of KMS encrypts the bucket Snapshots"],
    "AWS's own key": [snapshots(by("AES256")), "no key of KMS encrypts the bucket Snapshots"],
  },
  notApplicable: {
    "another bucket": resource("aws_s3_bucket", { bucket: "logs" }),
    "what is no bucket": nothing,
  },
});

describeRule("iam-trust", {
  compliant: {
    "one role": resource("aws_iam_role", {
      assume_role_policy: json(trust({ AWS: "arn:aws:iam::1:role/a" })),
    }),
  },
  violated: {
    "anyone, by jsonencode": [
      resource("aws_iam_role", { assume_role_policy: hcl({ Statement: [trust("*")] }) }),
      "everybody may assume the role",
    ],
    "anyone by another case of the action": [
      resource("aws_iam_role", { assume_role_policy: json({ ...trust("*"), Action: "STS:*" }) }),
      "everybody may assume the role",
    ],
    "a sub that may be missing": [
      resource("aws_iam_role", {
        assume_role_policy: json({
          ...trust({ Federated: "arn:aws:iam::1:oidc-provider/o" }),
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEqualsIfExists: { "o:sub": "a" } },
        }),
      }),
      "every token of the issuer may assume the role: sub is not compared",
    ],
  },
  notJudged: {
    "a variable": [resource("aws_iam_role", { assume_role_policy: "${var.trust}" }), NOT_READ],
  },
  notApplicable: { "what is no role": nothing },
});

describeRule("iam-wildcard", {
  compliant: {
    "named actions, by jsonencode": resource("aws_iam_policy", {
      policy: hcl({ Statement: [right("s3:GetObject")] }),
    }),
  },
  violated: {
    "everything, by jsonencode": [
      resource("aws_iam_user_policy", { policy: hcl({ Statement: [right("*")] }) }),
      "* is allowed on everything",
    ],
    "everything, by a permission set": [
      resource("aws_ssoadmin_permission_set_inline_policy", {
        inline_policy: hcl({ Statement: [right("*")] }),
      }),
      "* is allowed on everything",
    ],
    "the policies of administrators of a user, a permission set, and credentials that Vault makes": [
      together(
        resource("aws_iam_user_policy_attachments_exclusive", { policy_arns: [ADMINISTRATOR] }),
        resource("aws_ssoadmin_managed_policy_attachment", { managed_policy_arn: ADMINISTRATOR }),
        resource("vault_aws_secret_backend_role", { policy_arns: [ADMINISTRATOR] }),
      ),
      `${ADMINISTRATOR} is attached`,
      `${ADMINISTRATOR} is attached`,
      `${ADMINISTRATOR} is attached`,
    ],
  },
  notJudged: {
    "the content of a file": [resource("aws_iam_policy", { policy: '${file("p.json")}' }), NOT_READ],
  },
  notApplicable: { "what is no policy": nothing },
});
