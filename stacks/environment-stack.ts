import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import { type IVault, vaultFromAttributes } from "../constructs/server/vault";
import { ImageReference } from "../constructs/core/image-reference";
import { type PlatformNames, platformNames } from "../platform/names";
import type { Environment } from "../platform/schema";
import type { Service } from "../platform/service";
import { PlatformStack } from "./platform-stack";

/** One layer of one environment. */
export abstract class EnvironmentStack extends PlatformStack {
  protected readonly names: PlatformNames;

  constructor(
    scope: Construct,
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

  /** Vault as the layers after `cluster` know it: by name. */
  protected get vault(): IVault {
    return vaultFromAttributes({ namespace: this.names.namespace });
  }

  /** Vault as a service knows it. */
  protected vaultOf({ vaultNamespace: enterpriseNamespace }: Service): IVault {
    return vaultFromAttributes({ namespace: this.names.namespace, enterpriseNamespace });
  }

  /** The environment's images, where it says that they are to be had. */
  protected get images(): Environment["images"] {
    const { images, mirrors } = this.environment;
    const entries = Object.entries(images).map(([name, image]) => [
      name,
      mirrors.registry ? ImageReference.parse(image).inRegistry(mirrors.registry) : image,
    ]);
    return Object.fromEntries(entries) as Environment["images"];
  }

  /**
   * Credentials come from the provider's own environment. The API server does not, so that a kubeconfig of
   * another cluster is refused by its certificate instead of being deployed to.
   */
  protected addKubernetesProvider(): KubernetesProvider {
    this.addOverride("terraform.required_providers.kubernetes.version", ">= 2.38.0, < 3.0.0");
    return new KubernetesProvider(this, "Kubernetes", { host: this.apiServer });
  }

  /**
   * Releases are kept in ConfigMaps and not in Secrets, so that an identity that may not read Secrets can plan.
   * @see https://helm.sh/docs/topics/advanced/#storage-backends
   */
  protected addHelmProvider(): HelmProvider {
    this.addOverride("terraform.required_providers.helm.version", ">= 3.1.1, < 4.0.0");
    return new HelmProvider(this, "Helm", {
      helmDriver: "configmap",
      kubernetes: { host: this.apiServer },
    });
  }

  /** The local platform chooses its port when it starts, so the kubeconfig names it there. */
  private get apiServer(): string | undefined {
    return this.environment.state === "local" ? undefined : this.environment.kubernetes.apiServer;
  }
}
