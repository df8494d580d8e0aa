import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { Duration } from "../core/duration";
import { checkProps, number, object, reference, text } from "../core/field";
import { duration } from "../core/fields";
import { received } from "../core/received";
import { Size } from "../core/size";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { podOptionFields, vault as VAULT } from "../server/fields";
import { type JobLoginProps, jobLoginFields, loginEnvironment } from "./job-login";
import { JobPod, digest } from "./job-pod";
import { waitedFor } from "./job-run";
import { type PodOptions, podOptions } from "../core/pod-options";
import type { IVault } from "../server/vault";
import { releaseOf, serverAddresses, serverNames } from "../server/vault-servers";

/** Properties of `Rollout`. */
export interface RolloutProps extends PodOptions, JobLoginProps {
  /** Vault with the servers to replace. */
  readonly vault: IVault;
  /** Number of Vault servers. */
  readonly replicas: number;
  /** Images of the job. */
  readonly images: {
    /** Image that contains the vault command, with its version. */
    readonly vault: string;
    /** Image that contains kubectl **and a shell**, with its version. `registry.k8s.io/kubectl` has no shell. */
    readonly kubectl: string;
  };
  /**
   * Text that changes with the servers: chart version and values, such as `VaultHaCluster.revision`. The job runs again
   * when it changes. It does nothing if all servers have the current revision of the StatefulSet.
   */
  readonly revision: string;
  /** Time limit for one server to become healthy again, 1 minute or more. @default - 10 minutes */
  readonly serverTimeout?: Duration;
  /** Name of the ServiceAccount, and of the job's role in Vault. @default vault-rollout */
  readonly serviceAccountName?: string;
}

const PROPS = object<RolloutProps>(() => ({
  ...podOptionFields,
  ...jobLoginFields,
  vault: VAULT,
  replicas: number.known(),
  images: reference<RolloutProps["images"]>("the images of the job, such as { vault, kubectl }", () => ({
    vault: text,
    kubectl: text,
  })),
  revision: text,
  serverTimeout: duration.optional(),
  serviceAccountName: text.optional(),
}));

/** Rules for the policy of the job's role in Vault. */
export const ROLLOUT_RULES = [
  {
    path: "sys/storage/raft/autopilot/state",
    capabilities: ["read"],
    reason: "waits until all servers are healthy",
  },
  {
    path: "sys/step-down",
    capabilities: ["update", "sudo"],
    reason: "has the active server hand over before it is replaced",
    allowSudo: true,
  },
] as const;

/**
 * Job that replaces Vault's servers after a change, because the chart does not do so (`OnDelete`). It replaces one
 * standby at a time and waits until Raft's autopilot reports a healthy cluster. The active server comes last, after it
 * has stepped down. At the first problem the job stops, and no further server is replaced.
 * @see https://developer.hashicorp.com/vault/docs/platform/k8s/helm/run#upgrading-vault-on-kubernetes
 * @throws ValidationError for a kubectl image without a shell or without a version, for fewer than one replica, and for
 * a timeout below one minute
 */
export class Rollout extends LibraryConstruct {
  /** The Job resource. */
  readonly job: JobV1;

  constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, replicas, images, serverTimeout = Duration.minutes(10) } = props;
    this.validate(images.kubectl, serverTimeout);
    const release = releaseOf(this, vault);
    const servers = serverNames(this, release, replicas);
    // The job waits twice for each server: until it is back, and until all servers are healthy.
    const timeout = Duration.seconds(300 + 2 * replicas * serverTimeout.toSeconds());
    const serviceAccountName = props.serviceAccountName ?? "vault-rollout";
    const pod = new JobPod(this, "Pod", {
      vault,
      ...podOptions(props),
      component: "rollout",
      serviceAccountName,
      steps: [
        { name: "tools", image: images.vault, script: "rollout-tools.sh" },
        {
          name: "rollout",
          image: images.kubectl,
          script: "rollout.sh",
          environment: {
            ...loginEnvironment(this, props, serviceAccountName),
            NAMESPACE: vault.namespace,
            STATEFUL_SET: release,
            SELECTOR: `app.kubernetes.io/instance=${release},component=server`,
            REPLICAS: String(replicas),
            VAULT_SERVERS: serverAddresses(vault.namespace, release, servers).join(" "),
            SERVER_TIMEOUT_SECONDS: String(serverTimeout.toSeconds()),
            CHANGE: digest(this, props.revision),
          },
          vaultAccess: true,
          kubernetesAccess: true,
        },
      ],
      volumes: [{ name: "tools", mountPath: "/tools", size: Size.gibibytes(1) }],
      timeout,
    });
    const metadata = { name: serviceAccountName, namespace: vault.namespace, labels: pod.labels };
    const role = new RoleV1(this, "Role", {
      metadata,
      rule: [
        { apiGroups: ["apps"], resources: ["statefulsets"], resourceNames: [release], verbs: ["get"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
        { apiGroups: [""], resources: ["pods"], resourceNames: servers, verbs: ["delete"] },
      ],
    });
    const binding = new RoleBindingV1(this, "RoleBinding", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subject: [{ kind: "ServiceAccount", name: serviceAccountName, namespace: vault.namespace }],
    });
    this.job = new JobV1(this, "Resource", {
      metadata: { name: `vault-rollout-${pod.fingerprint}`, namespace: vault.namespace, labels: pod.labels },
      // No retries: an operator checks the failure before further servers are replaced.
      ...waitedFor(pod, 0),
      dependsOn: [binding],
    });
  }

  private validate(kubectl: string, serverTimeout: Duration): void {
    if (isLiteral(kubectl) && /(^|\/)registry\.k8s\.io\/kubectl[:@]/.test(kubectl)) {
      throw new ValidationError(
        this,
        `images.kubectl must have a shell beside kubectl, such as alpine/k8s:1.34.2, got ${received(kubectl)}, which has none`,
      );
    }
    if (serverTimeout.toSeconds() < 60) {
      throw new ValidationError(
        this,
        `serverTimeout must be 1 minute or more, got ${received(serverTimeout)}`,
      );
    }
  }
}
