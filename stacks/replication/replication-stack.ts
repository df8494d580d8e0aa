import type { Construct } from "constructs";
import { arnOf } from "../../constructs/aws/arn";
import { partitionOf } from "../../constructs/aws/region";
import { DrReplicationPrimary, DrReplicationSecondary } from "../../constructs/enterprise/dr-replication";
import type { DrReplicationProps } from "../../constructs/enterprise/dr-replication-props";
import type { Environment } from "../../platform/schema";
import { drSideOf } from "../dr-sides";
import { dnsOf, podOptionsOf } from "../environment-network";
import { EnvironmentStack } from "../environment-stack";

/**
 * This environment's side of DR replication. It follows the layer that creates the Vault role of its Job. Deploy both
 * sides at the same time: their Jobs wait for each other.
 */
export class ReplicationStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, "replication");
    this.addKubernetesProvider();
    const { dr, licence } = environment.vault.enterprise ?? {};
    const side = drSideOf(environment);
    if (!dr || !side) throw new Error(`${environment.name} has no DR replication`);
    const { account, region, publicKeySecret, tokenSecret } = side.location;
    const place = { partition: partitionOf(region), service: "secretsmanager", region, account };
    const arn = (secret: string) => arnOf({ ...place, resource: `secret:${secret}` });
    const shared: DrReplicationProps = {
      ...podOptionsOf(environment),
      licence,
      vault: this.vault,
      images: this.images,
      secondaryId: side.secondaryId,
      handover: { region, publicKeySecret: arn(publicKeySecret), tokenSecret: arn(tokenSecret) },
      roleArn: this.names.roleArn("drReplication"),
      peerRanges: dr.peerRanges,
      awsRanges: environment.network.vpcEndpoints,
      dns: dnsOf(environment),
      serviceAccountName: this.names.serviceAccounts.drReplication,
    };
    if (dr.side === "primary") {
      new DrReplicationPrimary(this, "Replication", { ...shared, clusterAddress: dr.clusterAddress });
    } else {
      new DrReplicationSecondary(this, "Replication", { ...shared, replacesCluster: dr.replacesCluster });
    }
  }
}
