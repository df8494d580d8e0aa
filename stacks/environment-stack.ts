import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import type { IVault } from "../constructs/server/vault";
import { VaultHaCluster } from "../constructs/server/vault-ha-cluster";
import { ImageReference } from "../constructs/core/image-reference";
import { type PlatformNames, platformNames } from "../platform/names";
import type { Environment } from "../platform/schema";
import type { Service } from "../platform/service";
import { PlatformStack } from "./platform-stack";

/** Stack of one layer of one environment. */
export abstract class EnvironmentStack extends PlatformStack {
  /** Names that follow from the environment. */
  protected readonly names: PlatformNames;
  private readonly vaults = new Map<string, IVault>();

  constructor(
    scope: Construct,
    /** Environment of the stack. */
    protected readonly environment: Environment,
    layer: string,
  ) {
    super(scope, `${environment.name}-${layer}`, {
      ...environment.aws,
      state: environment.state,
      environment: environment.name,
    });
    this.names = platformNames(environment);
  }

  /** Reference to Vault for the layers after `cluster`: by name. */
  protected get vault(): IVault {
    return this.vaultIn();
  }

  /** Reference to Vault for a service, with the namespace in which the service logs in. */
  protected vaultOf({ vaultNamespace }: Service): IVault {
    return this.vaultIn(vaultNamespace);
  }

  private vaultIn(enterpriseNamespace = ""): IVault {
    let vault = this.vaults.get(enterpriseNamespace);
    if (!vault) {
      vault = VaultHaCluster.fromAttributes(
        this,
        `ImportedVault${enterpriseNamespace && `-${enterpriseNamespace}`}`,
        {
          namespace: this.names.namespace,
          enterpriseNamespace: enterpriseNamespace || undefined,
        },
      );
      this.vaults.set(enterpriseNamespace, vault);
    }
    return vault;
  }

  /** Images of the environment, from its mirror registry if there is one. */
  protected get images(): Environment["images"] {
    const { images, mirrors } = this.environment;
    const entries = Object.entries(images).map(([name, image]) => [
      name,
      mirrors.registry ? ImageReference.parse(image).inRegistry(mirrors.registry) : image,
    ]);
    return Object.fromEntries(entries) as Environment["images"];
  }

  /**
   * Adds the Kubernetes provider. Credentials come from the environment in which the provider runs. The API server is
   * set explicitly: with the kubeconfig of another cluster, its certificate is rejected and nothing is deployed.
   */
  protected addKubernetesProvider(): KubernetesProvider {
    this.addOverride("terraform.required_providers.kubernetes.version", ">= 2.38.0, < 3.0.0");
    return new KubernetesProvider(this, "Kubernetes", { host: this.apiServer });
  }

  /**
   * Adds the Helm provider. Releases are stored in ConfigMaps, not in Secrets, so that an identity without access to
   * Secrets can plan.
   * @see https://helm.sh/docs/topics/advanced/#storage-backends
   */
  protected addHelmProvider(): HelmProvider {
    this.addOverride("terraform.required_providers.helm.version", ">= 3.1.1, < 4.0.0");
    return new HelmProvider(this, "Helm", {
      helmDriver: "configmap",
      kubernetes: { host: this.apiServer },
    });
  }

  /** URL of the API server. The local platform chooses its port at start, so the kubeconfig names it there. */
  private get apiServer(): string | undefined {
    return this.environment.state === "local" ? undefined : this.environment.kubernetes.apiServer;
  }
}
