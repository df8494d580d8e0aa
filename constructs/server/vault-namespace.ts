import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Cpu } from "../core/cpu";
import { anyText, checkProps, flag, list, number, object } from "../core/field";
import { size } from "../core/fields";
import { parseProperty } from "../core/format-error";
import { claimObject } from "../core/kubernetes-claims";
import { parseNewNamespace } from "../core/kubernetes-names";
import { received } from "../core/received";
import { Size } from "../core/size";
import { ValidationError } from "../core/validation-error";
import type { ContainerResources } from "../core/container-resources";
import { containerResources } from "./fields";

/** Properties of `VaultNamespace`. */
export interface VaultNamespaceProps {
  /** Name of the namespace. @default vault */
  readonly name?: string;
  /** Number of servers, 1 or more. The quota allows one more. @default 3 */
  readonly replicas?: number;
  /** Resources of one server. @default - requests 500m and 1 GiB, limits 2 cores and 2 GiB */
  readonly serverResources?: ContainerResources;
  /** Sizes of the volumes of one server. @default - 10 GiB of data and 10 GiB of audit log */
  readonly serverVolumes?: readonly Size[];
  /**
   * Allows Services of type LoadBalancer and NodePort, which expose Vault to networks outside the cluster.
   * @default false
   */
  readonly allowExternalServices?: boolean;
}

const PROPS = object<VaultNamespaceProps>(() => ({
  name: anyText.optional(),
  replicas: number.known().optional(),
  serverResources: containerResources.optional(),
  serverVolumes: list(size).optional(),
  allowExternalServices: flag.optional(),
}));

/** Default server resources of VaultHaCluster. */
const SERVER: ContainerResources = {
  requests: { cpu: Cpu.millis(500), memory: Size.gibibytes(1) },
  limits: { cpu: Cpu.units(2), memory: Size.gibibytes(2) },
};
const VOLUMES = [Size.gibibytes(10), Size.gibibytes(10)];

/** Additional resources for the sidecars of one server, in millicores and MiB. */
const SIDECARS = { cpu: 250, memory: 256 };

/** Resources of the injector and the jobs, including their replacements during updates, in millicores and MiB. */
const OTHERS = { requests: { cpu: 2000, memory: 4096 }, limits: { cpu: 6000, memory: 8192 }, pods: 20 };

/** Higher than pods without a PriorityClass, and lower than the system classes of Kubernetes. */
const PRIORITY = 1_000_000;

/**
 * Namespace of Vault's pods, with Pod Security `restricted`, a quota, default limits for containers, and a
 * PriorityClass for the servers.
 *
 * The quota allows one additional server, for the restore drill.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @throws ValidationError for a name that is not a DNS label or that Kubernetes reserves, and for fewer than one
 * replica
 */
export class VaultNamespace extends LibraryConstruct {
  /** Name of the namespace. */
  readonly name: string;
  /** Name of the PriorityClass for Vault's servers. */
  readonly priorityClassName: string;

  constructor(scope: Construct, id: string, props: VaultNamespaceProps = {}) {
    super(scope, id);
    checkProps(this, PROPS, props);
    this.name = props.name ?? "vault";
    this.validate(props);
    claimObject(this, "Namespace", { name: this.name });
    const namespace = new NamespaceV1(this, "Resource", {
      metadata: {
        name: this.name,
        labels: Object.fromEntries(
          ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
        ),
      },
      // Deleting the namespace would delete the claims of Vault's volumes.
      lifecycle: { preventDestroy: true },
    });
    // References the created namespace, so that these objects are created after it.
    const metadata = { name: this.name, namespace: namespace.metadata.name };
    new ResourceQuotaV1(this, "Quota", { metadata, spec: { hard: quotaOf(props) } });
    new LimitRangeV1(this, "Limits", {
      metadata,
      spec: {
        limit: [
          {
            type: "Container",
            default: { cpu: "500m", memory: "256Mi" },
            defaultRequest: { cpu: "50m", memory: "64Mi" },
          },
        ],
      },
    });
    new PriorityClassV1(this, "Priority", {
      metadata: { name: `${this.name}-servers` },
      description: "Servers of Vault: others wait for them, not they for others",
      value: PRIORITY,
    });
    this.priorityClassName = `${this.name}-servers`;
  }

  private validate({ replicas }: VaultNamespaceProps): void {
    parseProperty(this, "name", this.name, parseNewNamespace);
    if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 1)) {
      throw new ValidationError(
        this,
        `replicas must be a whole number, 1 or more, got ${received(replicas)}`,
      );
    }
  }
}

function quotaOf(props: VaultNamespaceProps): Record<string, string> {
  const servers = (props.replicas ?? 3) + 1;
  const resources = props.serverResources ?? SERVER;
  const volumes = props.serverVolumes ?? VOLUMES;
  const storage = volumes.reduce((sum, size) => sum + size.toMebibytes(), 0);
  const cpu = (which: "requests" | "limits") =>
    Cpu.millis(servers * (resources[which].cpu.toMillis() + SIDECARS.cpu) + OTHERS[which].cpu).toString();
  const memory = (which: "requests" | "limits") =>
    Size.mebibytes(
      servers * (resources[which].memory.toMebibytes() + SIDECARS.memory) + OTHERS[which].memory,
    ).toString();
  return {
    "requests.cpu": cpu("requests"),
    "requests.memory": memory("requests"),
    "limits.cpu": cpu("limits"),
    "limits.memory": memory("limits"),
    "requests.storage": Size.mebibytes(servers * storage).toString(),
    persistentvolumeclaims: String(servers * volumes.length),
    pods: String(servers + OTHERS.pods),
    ...(props.allowExternalServices ? {} : { "services.loadbalancers": "0", "services.nodeports": "0" }),
  };
}
