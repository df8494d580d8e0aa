import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects } from "cdktf";
import type { Construct } from "constructs";
import { IrsaRole } from "../../constructs/aws/irsa-role";
import { KmsAutoUnseal, SEAL_ACTIONS } from "../../constructs/aws/kms-auto-unseal";
import { PipelineIamRole } from "../../constructs/aws/pipeline-iam-role";
import { type PolicyStatement, policyJson, viaService } from "../../constructs/aws/policy-document";
import { DrHandover, drHandoverStatements } from "../../constructs/enterprise/dr-handover";
import { RecoveryKeySecrets } from "../../constructs/aws/recovery-key-secrets";
import { SnapshotBucket, type SnapshotReplicationProps } from "../../constructs/aws/snapshot-bucket";
import {
  type PlatformNames,
  accountNames,
  platformNames,
  teamGithubEnvironment,
  teamsWithIdentities,
} from "../../platform/names";
import { suppressRule } from "../../hardening/suppression";
import type { Environment } from "../../platform/schema";
import { drSideOf } from "../dr-sides";
import { addPlatformVariable } from "../external-addresses";
import { boundaryStatements } from "./permissions-boundary";
import { deployStatements, planStatements, teamDeployStatements } from "./pipeline-permissions";
import { PlatformStack } from "../platform-stack";
import { recoveryAccessOf } from "./recovery-access";

/** AWS resources of one environment: KMS keys, buckets, secrets for recovery keys, and every IAM role. */
export class FoundationStack extends PlatformStack {
  private readonly names: PlatformNames;

  constructor(
    scope: Construct,
    private readonly environment: Environment,
  ) {
    super(scope, `${environment.name}-foundation`, {
      ...environment.aws,
      state: environment.state,
      environment: environment.name,
    });
    const { aws, backup } = environment;
    const names = (this.names = platformNames(environment));
    this.addAwsProvider();
    if (environment.kubernetes.vault === "external") {
      addPlatformVariable(this, environment.name, {
        name: "aws_endpoint",
        type: "string",
        description: "URL of the AWS emulator, so that nothing is planned without it",
      });
    }
    const replica = aws.replica && this.addAwsProvider({ alias: "replica", region: aws.replica.region });

    this.boundRoles();

    const recovered = recoveryAccessOf(environment);
    const unseal = recovered ? this.addServerRole(recovered.unseal) : this.addUnsealKey(replica);

    const snapshots = new SnapshotBucket(this, "Snapshots", {
      account: aws.account,
      bucketName: names.snapshotBucket,
      accessLogBucketName: names.accessLogBucket,
      keyAlias: names.snapshotKeyAlias,
      retention: backup.retention,
      replication: backup.replicate ? this.snapshotReplication(replica) : undefined,
    });

    // A recovery cluster is not initialised: it gets the data of the original, and has the original's recovery shares.
    if (!recovered) this.addRecoveryKeys();
    this.addJobRole("backup", [
      { sid: "Upload", actions: ["s3:PutObject"], resources: [`${snapshots.arn}/*`] },
      // The parts of a multipart upload are decrypted when they are put together.
      {
        sid: "Encrypt",
        actions: ["kms:GenerateDataKey", "kms:Decrypt"],
        resources: [snapshots.encryptionKey.arn],
        condition: [viaService("s3", aws.region)],
      },
    ]);
    const fetch = [
      ...(recovered?.fetch ?? []),
      { sid: "FindLatest", actions: ["s3:ListBucket"], resources: [snapshots.arn] },
      { sid: "Fetch", actions: ["s3:GetObject"], resources: [`${snapshots.arn}/*`] },
      { sid: "Decrypt", actions: ["kms:Decrypt"], resources: [snapshots.encryptionKey.arn] },
    ];
    this.addJobRole("restore", fetch);
    this.addJobRole("drill", [
      ...fetch,
      // The restored copy unseals itself with the original's key, as the servers do.
      unseal,
    ]);
    this.addDrReplication();
    this.addPipelineRoles();
  }

  /** Adds the unseal key and the role of the servers. @returns the statement that allows use of the key */
  private addUnsealKey(replicaProvider?: AwsProvider): PolicyStatement {
    const { aws, kubernetes } = this.environment;
    const { names } = this;
    const unseal = new KmsAutoUnseal(this, "Unseal", {
      account: aws.account,
      alias: names.unsealKeyAlias,
      breakGlassPrincipal: aws.breakGlassPrincipal,
      roleName: names.roles.server,
      oidcProvider: kubernetes.oidcProvider,
      serviceAccount: { namespace: names.namespace, name: names.serviceAccounts.server },
      replicaProvider,
    });
    return { sid: "Unseal", actions: [...SEAL_ACTIONS], resources: [unseal.key.arn] };
  }

  /** Adds the role of the servers for an unseal key of another environment. */
  private addServerRole(unseal: PolicyStatement): PolicyStatement {
    this.addJobRole("server", [unseal]);
    return unseal;
  }

  private addRecoveryKeys(): void {
    const { aws } = this.environment;
    const { names } = this;
    const recovery = new RecoveryKeySecrets(this, "RecoveryKeys", {
      account: aws.account,
      region: aws.region,
      keyAlias: names.recoveryKeyAlias,
      secretName: names.recoverySecret,
      custodians: aws.recoveryCustodians,
      writer: names.roleArn("bootstrap"),
      breakGlassPrincipal: aws.breakGlassPrincipal,
    });

    this.addJobRole("bootstrap", [
      {
        sid: "StoreShares",
        actions: ["secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"],
        resources: recovery.secrets.map((secret) => secret.arn),
      },
      // Secrets Manager checks the key of an earlier version when it writes a new one, hence Decrypt.
      {
        sid: "EncryptShares",
        actions: ["kms:GenerateDataKey", "kms:Decrypt"],
        resources: [recovery.encryptionKey.arn],
        condition: [viaService("secretsmanager", aws.region)],
      },
    ]);
  }

  /** Adds the role of this side of DR replication and, at the secondary, the secrets for the hand-over. */
  private addDrReplication(): void {
    const dr = drSideOf(this.environment);
    if (!dr) return;
    const { side, location, primaryRoleArn, secondaryRoleArn } = dr;
    if (side === "secondary") {
      new DrHandover(this, "DrHandover", {
        ...location,
        licence: this.environment.vault.enterprise?.licence,
        primaryRoleArn,
        secondaryRoleArn,
        breakGlassPrincipal: this.environment.aws.breakGlassPrincipal,
      });
    }
    this.addJobRole("drReplication", drHandoverStatements(side, location));
  }

  private snapshotReplication(provider?: AwsProvider): SnapshotReplicationProps | undefined {
    const bucketName = this.names.snapshotReplicaBucket;
    const accessLogBucketName = this.names.replicaAccessLogBucket;
    if (!provider || !bucketName || !accessLogBucketName) return undefined;
    return { provider, bucketName, accessLogBucketName, roleName: this.names.roles.replication };
  }

  /** Sets the permissions boundary on every role of the stack. A role without it could get any permission. */
  private boundRoles(): void {
    const boundary = new IamPolicy(this, "Boundary", {
      name: this.names.boundary,
      description: "The most that a role of this environment can do",
      policy: policyJson(this, "BoundaryDocument", boundaryStatements(this.environment)),
      lifecycle: { preventDestroy: true },
    });
    Aspects.of(this).add({
      visit: (node) => {
        if (node instanceof IamRole) node.permissionsBoundary = boundary.arn;
      },
    });
  }

  private addJobRole(
    job: "server" | "bootstrap" | "backup" | "drill" | "restore" | "drReplication",
    statements: PolicyStatement[],
  ): void {
    new IrsaRole(this, job[0].toUpperCase() + job.slice(1), {
      roleName: this.names.roles[job],
      account: this.environment.aws.account,
      oidcProvider: this.environment.kubernetes.oidcProvider,
      serviceAccount: { namespace: this.names.namespace, name: this.names.serviceAccounts[job] },
      statements,
    });
  }

  private addPipelineRoles(): void {
    const { aws, kubernetes, name, pipeline } = this.environment;
    const { githubOidcProviderArn: oidcProviderArn } = accountNames(aws.account, aws.stateRegion);
    const clusterName = kubernetes.distribution === "eks" ? kubernetes.clusterName : undefined;
    new PipelineIamRole(this, "Plan", {
      roleName: this.names.roles.plan,
      oidcProviderArn,
      subjects: [
        `repo:${pipeline.repository}:pull_request`,
        `repo:${pipeline.repository}:ref:refs/heads/main`,
      ],
      statements: planStatements(this.environment),
      clusterAccess: clusterName ? { clusterName, access: { group: "vault-platform:plan" } } : undefined,
    });
    const deploy = new PipelineIamRole(this, "Deploy", {
      roleName: this.names.roles.deploy,
      oidcProviderArn,
      subjects: [`repo:${pipeline.repository}:environment:${name}`],
      statements: deployStatements(this.environment),
      clusterAccess: clusterName ? { clusterName, access: "admin" } : undefined,
    });
    if (clusterName) {
      suppressRule(
        deploy,
        "eks-cluster-admin",
        "it installs operators with roles of their own; approved jobs of the GitHub environment alone",
      );
    }
    for (const team of teamsWithIdentities(this.environment)) {
      new PipelineIamRole(this, `Deploy-${team}`, {
        roleName: this.names.teamDeployRole(team),
        oidcProviderArn,
        subjects: [`repo:${pipeline.repository}:environment:${teamGithubEnvironment(name, team)}`],
        statements: teamDeployStatements(this.environment, team),
      });
    }
  }
}
