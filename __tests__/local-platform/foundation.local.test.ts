import { readFileSync } from "node:fs";
import { aws } from "./jobs";
import { stateFile, testWithState } from "./terraform";

// Commands and expected values are literal: they match a check in the AWS console and do not depend on the library.
const ACCOUNT = "123456789012";
const BREAK_GLASS = `arn:aws:iam::${ACCOUNT}:role/vault-break-glass`;
const SHARES = [1, 2, 3, 4, 5];
const SNAPSHOTS = `vault-snapshots-local-${ACCOUNT}-us-east-1`;
const ACCESS_LOGS = `vault-access-logs-local-${ACCOUNT}-us-east-1`;
const ALIASES = {
  unseal: "alias/vault-unseal-key",
  snapshots: "alias/local-vault-snapshots",
  recoveryKeys: "alias/local-vault-recovery-keys",
};
const custodian = (share: number) => `arn:aws:iam::${ACCOUNT}:role/vault-custodian-${share}`;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = any;

async function query(...args: string[]): Promise<Answer> {
  return JSON.parse(await aws(...args, "--output", "json"));
}

const keyOf = async (alias: string) => (await query("kms", "describe-key", "--key-id", alias)).KeyMetadata;
const secretOf = (share: number) =>
  query("secretsmanager", "describe-secret", "--secret-id", `local/vault/recovery-key-${share}`);
const bucketSays = (what: string, bucket: string) => query("s3api", `get-${what}`, "--bucket", bucket);

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

/** Policy statements by SID. Single values become lists, and lists are sorted: AWS treats both forms as equal. */
function statementsOf(policy: { Statement: Record<string, unknown>[] }): Record<string, Statement> {
  const list = (value: unknown) => [value ?? []].flat().sort();
  return Object.fromEntries(
    policy.Statement.map((it) => [
      it.Sid,
      { ...it, Action: list(it.Action), Resource: list(it.Resource) } as unknown as Statement,
    ]),
  );
}

const allowed = (actions: string[], resources: unknown[], condition?: unknown) =>
  expect.objectContaining({
    Effect: "Allow",
    Action: [...actions].sort(),
    Resource: [...resources].sort(),
    ...(condition !== undefined && { Condition: condition }),
  });

/** Statement that denies the actions to all other principals. */
const deniedBut = (principals: string | string[], actions: string[]) =>
  expect.objectContaining({
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: [...actions].sort(),
    Condition: { ArnNotEquals: { "aws:PrincipalArn": principals } },
  });

const accountDecides = expect.objectContaining({
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: ["kms:*"],
});

describe("the keys", () => {
  async function keyPolicy(alias: string): Promise<Record<string, Statement>> {
    const { KeyId } = await keyOf(alias);
    const { Policy } = await query("kms", "get-key-policy", "--key-id", KeyId, "--policy-name", "default");
    return statementsOf(JSON.parse(Policy));
  }

  test("are three different keys, found by their aliases", async () => {
    const keys = await Promise.all(Object.values(ALIASES).map(keyOf));
    expect(new Set(keys.map(({ KeyId }) => KeyId)).size).toBe(3);
    const { Aliases } = await query("kms", "list-aliases");
    for (const [index, alias] of Object.values(ALIASES).entries()) {
      expect(Aliases).toContainEqual(
        expect.objectContaining({ AliasName: alias, TargetKeyId: keys[index].KeyId }),
      );
    }
  });

  test.each(Object.values(ALIASES))("%s is enabled, created by AWS and rotated", async (alias) => {
    const key = await keyOf(alias);
    expect(key).toMatchObject({
      AWSAccountId: ACCOUNT,
      KeyState: "Enabled",
      KeyUsage: "ENCRYPT_DECRYPT",
      KeySpec: "SYMMETRIC_DEFAULT",
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
    });
    const { KeyRotationEnabled } = await query("kms", "get-key-rotation-status", "--key-id", key.KeyId);
    expect(KeyRotationEnabled).toBe(true);
    const { Tags } = await query("kms", "list-resource-tags", "--key-id", key.KeyId);
    expect(Tags).toContainEqual({ TagKey: "vault-platform:environment", TagValue: "local" });
  });

  // KMS shows the window only after a deletion request, which tests must not send for the key of a running Vault.
  testWithState("local-foundation")("have a deletion window of 30 days in Terraform's state", () => {
    const { resources } = JSON.parse(readFileSync(stateFile("local-foundation"), "utf8"));
    const keys = (resources as Answer[]).filter(({ type }) => type === "aws_kms_key");
    expect(keys.map(({ instances }) => instances[0].attributes.deletion_window_in_days)).toEqual([
      30, 30, 30,
    ]);
  });

  test("allow only the break-glass principal to destroy, disable or change the unseal key's policy", async () => {
    expect(await keyPolicy(ALIASES.unseal)).toEqual({
      AccountDecidesByIam: accountDecides,
      OnlyBreakGlassDestroys: deniedBut(BREAK_GLASS, [
        "kms:ScheduleKeyDeletion",
        "kms:DisableKey",
        "kms:DisableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:DeleteAlias",
        "kms:UpdateAlias",
        "kms:UpdatePrimaryRegion",
        "kms:DeleteImportedKeyMaterial",
      ]),
    });
  });

  test("allow the custodians to use the shares' key through Secrets Manager only", async () => {
    const policy = await keyPolicy(ALIASES.recoveryKeys);
    expect(policy).toEqual({
      AccountDecidesByIam: accountDecides,
      CustodiansReadAndStore: allowed(["kms:Decrypt", "kms:GenerateDataKey"], ["*"], {
        StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
      }),
    });
    const { AWS } = policy.CustodiansReadAndStore.Principal as { AWS: string[] };
    expect([...AWS].sort()).toEqual(SHARES.map(custodian));
  });

  test("leave access to the snapshots' key to IAM policies", async () => {
    expect(await keyPolicy(ALIASES.snapshots)).toEqual({ AccountDecidesByIam: accountDecides });
  });
});

describe("the roles", () => {
  const OIDC = "oidc.local.example.com";
  const SERVICE_ACCOUNTS: Record<string, string> = {
    "local-vault": "vault",
    "local-vault-bootstrap": "vault-bootstrap",
    "local-vault-backup": "vault-backup",
    "local-vault-drill": "vault-drill",
    "local-vault-restore": "vault-restore",
  };
  const PIPELINES = ["local-vault-plan", "local-vault-deploy"];
  const roleOf = async (name: string) => (await query("iam", "get-role", "--role-name", name)).Role;

  /** All permissions of a role. It must have one inline policy and no attached managed policy. */
  async function permissionsOf(role: string): Promise<Record<string, Statement>> {
    const { PolicyNames } = await query("iam", "list-role-policies", "--role-name", role);
    const { AttachedPolicies } = await query("iam", "list-attached-role-policies", "--role-name", role);
    expect({ PolicyNames, AttachedPolicies }).toEqual({ PolicyNames: [role], AttachedPolicies: [] });
    const { PolicyDocument } = await query(
      ...["iam", "get-role-policy", "--role-name", role, "--policy-name", role],
    );
    return statementsOf(PolicyDocument);
  }

  test("are one for each job and two for the pipelines, each with the boundary", async () => {
    const { Roles } = await query("iam", "list-roles");
    const own = (Roles as Answer[]).map((it) => it.RoleName).filter((it) => it.startsWith("local-vault"));
    expect(own.sort()).toEqual([...Object.keys(SERVICE_ACCOUNTS), ...PIPELINES].sort());
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/local-vault-boundary`;
    for (const name of own) {
      const { PermissionsBoundary } = await roleOf(name);
      expect([name, PermissionsBoundary?.PermissionsBoundaryArn]).toEqual([name, boundary]);
    }
    const { Policy } = await query("iam", "get-policy", "--policy-arn", boundary);
    expect(Policy.PolicyName).toBe("local-vault-boundary");
  });

  test.each(Object.entries(SERVICE_ACCOUNTS))(
    "%s trusts only the ServiceAccount %s of Vault's namespace, and lasts at most an hour",
    async (name, serviceAccount) => {
      const { AssumeRolePolicyDocument, MaxSessionDuration } = await roleOf(name);
      expect(MaxSessionDuration).toBe(3600);
      expect(AssumeRolePolicyDocument.Statement).toEqual([
        {
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${OIDC}` },
          Condition: {
            StringEquals: {
              [`${OIDC}:aud`]: "sts.amazonaws.com",
              [`${OIDC}:sub`]: `system:serviceaccount:vault:${serviceAccount}`,
            },
          },
        },
      ]);
    },
  );

  test.each([
    [
      "local-vault-plan",
      ["repo:example/vault-platform:pull_request", "repo:example/vault-platform:ref:refs/heads/main"],
    ],
    ["local-vault-deploy", ["repo:example/vault-platform:environment:local"]],
  ])("%s trusts only the workflows of %j", async (name, subjects) => {
    const { Statement: statements } = (await roleOf(name)).AssumeRolePolicyDocument;
    expect(statements).toHaveLength(1);
    const [{ Action, Principal, Condition }] = statements;
    const github = "token.actions.githubusercontent.com";
    expect(Action).toBe("sts:AssumeRoleWithWebIdentity");
    expect(Principal).toEqual({ Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${github}` });
    expect(Object.keys(Condition)).toEqual(["StringEquals"]);
    expect(Condition.StringEquals[`${github}:aud`]).toBe("sts.amazonaws.com");
    expect([Condition.StringEquals[`${github}:sub`]].flat().sort()).toEqual(subjects);
  });

  test("allow the servers only to use the unseal key", async () => {
    const { Arn } = await keyOf(ALIASES.unseal);
    expect(await permissionsOf("local-vault")).toEqual({
      Unseal: allowed(["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"], [Arn]),
    });
  });

  test("allow the bootstrap only to store the five shares", async () => {
    const secrets = await Promise.all(SHARES.map(secretOf));
    const { Arn } = await keyOf(ALIASES.recoveryKeys);
    expect(await permissionsOf("local-vault-bootstrap")).toEqual({
      StoreShares: allowed(
        ["secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"],
        secrets.map(({ ARN }) => ARN),
      ),
      EncryptShares: allowed(["kms:GenerateDataKey", "kms:Decrypt"], [Arn], {
        StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
      }),
    });
  });

  test("allow the backup only to upload snapshots", async () => {
    const { Arn } = await keyOf(ALIASES.snapshots);
    expect(await permissionsOf("local-vault-backup")).toEqual({
      Upload: allowed(["s3:PutObject"], [`arn:aws:s3:::${SNAPSHOTS}/*`]),
      Encrypt: allowed(["kms:GenerateDataKey", "kms:Decrypt"], [Arn], {
        StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
      }),
    });
  });

  test("allow restore and drill to fetch snapshots, and the drill to use the unseal key", async () => {
    const snapshots = await keyOf(ALIASES.snapshots);
    const unseal = await keyOf(ALIASES.unseal);
    const fetch = {
      FindLatest: allowed(["s3:ListBucket"], [`arn:aws:s3:::${SNAPSHOTS}`]),
      Fetch: allowed(["s3:GetObject"], [`arn:aws:s3:::${SNAPSHOTS}/*`]),
      Decrypt: allowed(["kms:Decrypt"], [snapshots.Arn]),
    };
    expect(await permissionsOf("local-vault-restore")).toEqual(fetch);
    expect(await permissionsOf("local-vault-drill")).toEqual({
      ...fetch,
      Unseal: allowed(["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"], [unseal.Arn]),
    });
  });

  test("allow the plan to read settings and its state, but no share, snapshot or key", async () => {
    const { OpenState, ReadState, ...others } = await permissionsOf("local-vault-plan");
    const actions = Object.values(others).flatMap(({ Action }) => Action);
    expect(actions.filter((it) => !/^\w+:(Get|List|Describe)/.test(it))).toEqual([]);
    for (const secret of ["secretsmanager:GetSecretValue", "s3:GetObject"])
      expect(actions).not.toContain(secret);
    // Decryption and reads are limited to the state, which contains no secrets.
    expect(OpenState).toEqual(
      allowed(["kms:Decrypt"], [expect.any(String)], {
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/vault-platform-state" },
      }),
    );
    expect(ReadState).toEqual(
      allowed(["s3:GetObject"], [expect.stringMatching(/^arn:aws:s3:::vault-platform-state-.*\/local-\*$/)]),
    );
  });
});

describe("the secrets of the recovery shares", () => {
  test("are five, one for each custodian", async () => {
    const { SecretList } = await query(
      ...["secretsmanager", "list-secrets", "--filters", "Key=name,Values=local/vault/"],
    );
    expect((SecretList as Answer[]).map(({ Name }) => Name).sort()).toEqual(
      SHARES.map((share) => `local/vault/recovery-key-${share}`),
    );
  });

  test.each(SHARES)("allow only custodian %i to read, and use the shares' key", async (share) => {
    const { ARN, KmsKeyId, RotationEnabled } = await secretOf(share);
    expect(KmsKeyId).toBe((await keyOf(ALIASES.recoveryKeys)).Arn);
    expect(RotationEnabled ?? false).toBe(false);
    const { ResourcePolicy } = await query("secretsmanager", "get-resource-policy", "--secret-id", ARN);
    const policy = statementsOf(JSON.parse(ResourcePolicy));
    const writer = `arn:aws:iam::${ACCOUNT}:role/local-vault-bootstrap`;
    const own = custodian(share);
    expect(policy).toEqual({
      CustodianReads: allowed(["secretsmanager:GetSecretValue"], [ARN]),
      CustodianStoresAfterRekey: allowed(["secretsmanager:PutSecretValue"], [ARN]),
      NobodyElseReads: deniedBut(own, [
        "secretsmanager:GetSecretValue",
        "secretsmanager:BatchGetSecretValue",
      ]),
      OnlyBootstrapAndCustodianPut: deniedBut([writer, own], ["secretsmanager:PutSecretValue"]),
      OnlyBootstrapWrites: deniedBut(writer, [
        "secretsmanager:UpdateSecret",
        "secretsmanager:UpdateSecretVersionStage",
        "secretsmanager:RotateSecret",
        "secretsmanager:ReplicateSecretToRegions",
      ]),
      OnlyBreakGlassChangesReaders: deniedBut(BREAK_GLASS, [
        "secretsmanager:PutResourcePolicy",
        "secretsmanager:DeleteResourcePolicy",
      ]),
    });
    for (const { Effect, Principal, Resource } of Object.values(policy)) {
      if (Effect === "Allow") expect(Principal).toEqual({ AWS: own });
      expect(Resource).toEqual([ARN]);
    }
  });
});

describe("the buckets", () => {
  const bucketPolicy = async (bucket: string) =>
    statementsOf(JSON.parse((await bucketSays("bucket-policy", bucket)).Policy));
  const both = (bucket: string) => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const refused = (condition: object, resources: string[], actions: string[]) => ({
    Sid: expect.any(String),
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: actions,
    Resource: resources,
    Condition: condition,
  });
  const tlsOnly = (bucket: string) => ({
    DenyPlaintext: refused({ Bool: { "aws:SecureTransport": "false" } }, both(bucket), ["s3:*"]),
    DenyOldTls: refused({ NumericLessThan: { "s3:TlsVersion": "1.2" } }, both(bucket), ["s3:*"]),
  });

  test.each([SNAPSHOTS, ACCESS_LOGS])(
    "%s is versioned, closed to the public and owned by the account",
    async (bucket) => {
      expect(await bucketSays("bucket-versioning", bucket)).toMatchObject({ Status: "Enabled" });
      expect((await bucketSays("public-access-block", bucket)).PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect((await bucketSays("bucket-ownership-controls", bucket)).OwnershipControls.Rules).toEqual([
        { ObjectOwnership: "BucketOwnerEnforced" },
      ]);
    },
  );

  test("lock snapshots for their retention, and then expire them", async () => {
    const { ObjectLockConfiguration } = await bucketSays("object-lock-configuration", SNAPSHOTS);
    expect(ObjectLockConfiguration).toMatchObject({
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } },
    });
    const { Rules } = await bucketSays("bucket-lifecycle-configuration", SNAPSHOTS);
    expect(Rules).toEqual([
      expect.objectContaining({
        Status: "Enabled",
        Filter: { Prefix: "" },
        Expiration: expect.objectContaining({ Days: 1 }),
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      }),
    ]);
  });

  test("encrypt snapshots with a separate key, not the unseal key", async () => {
    const { ServerSideEncryptionConfiguration } = await bucketSays("bucket-encryption", SNAPSHOTS);
    const { Arn } = await keyOf(ALIASES.snapshots);
    expect(ServerSideEncryptionConfiguration.Rules).toEqual([
      expect.objectContaining({
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: Arn },
        BucketKeyEnabled: true,
      }),
    ]);
    expect((await keyOf(ALIASES.unseal)).Arn).not.toBe(Arn);
  });

  test("accept snapshots only by TLS and with their key", async () => {
    const { Arn } = await keyOf(ALIASES.snapshots);
    const header = "s3:x-amz-server-side-encryption";
    const otherPut = (condition: object) =>
      refused(condition, [`arn:aws:s3:::${SNAPSHOTS}/*`], ["s3:PutObject"]);
    const named = (which: string) => ({ Null: { [which]: "false" } });
    expect(await bucketPolicy(SNAPSHOTS)).toEqual({
      ...tlsOnly(SNAPSHOTS),
      DenyOtherKeys: otherPut({
        ...named(`${header}-aws-kms-key-id`),
        StringNotEquals: { [`${header}-aws-kms-key-id`]: Arn },
      }),
      DenyOtherAlgorithms: otherPut({ ...named(header), StringNotEquals: { [header]: "aws:kms" } }),
      DenyKeysOfCallers: otherPut(named(`${header}-customer-algorithm`)),
    });
  });

  test("log access to the snapshots into the other bucket, by S3 only", async () => {
    expect((await bucketSays("bucket-logging", SNAPSHOTS)).LoggingEnabled).toMatchObject({
      TargetBucket: ACCESS_LOGS,
      TargetPrefix: `${SNAPSHOTS}/`,
    });
    expect(await bucketPolicy(ACCESS_LOGS)).toEqual({
      ...tlsOnly(ACCESS_LOGS),
      AllowLogDelivery: {
        Sid: "AllowLogDelivery",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: [`arn:aws:s3:::${ACCESS_LOGS}/${SNAPSHOTS}/*`],
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnEquals: { "aws:SourceArn": `arn:aws:s3:::${SNAPSHOTS}` },
        },
      },
    });
  });

  test("encrypt the access log with S3's key and keep it for a year", async () => {
    const { ServerSideEncryptionConfiguration } = await bucketSays("bucket-encryption", ACCESS_LOGS);
    expect(ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: "AES256",
    });
    const { Rules } = await bucketSays("bucket-lifecycle-configuration", ACCESS_LOGS);
    expect(Rules).toEqual([
      expect.objectContaining({
        Status: "Enabled",
        Expiration: expect.objectContaining({ Days: 365 }),
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      }),
    ]);
  });
});
