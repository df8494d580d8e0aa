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

export interface RolloutProps extends PodOptions, JobLoginProps {
  readonly vault: IVault;
  /** Number of Vault's servers. */
  readonly replicas: number;
  readonly images: {
    /** Image with the vault command, with its version. */
    readonly vault: string;
    /** Image with kubectl **and a shell**, with its version. `registry.k8s.io/kubectl` has none. */
    readonly kubectl: string;
  };
  /**
   * What changes the servers: chart version and values, as text. The job runs again when it changes, and does nothing
   * where all servers have the current revision of the StatefulSet.
   */
  readonly revision: string;
  /** How long one server may take to come back, healthy. @default - 10 minutes */
  readonly serverTimeout?: Duration;
  /** Also the name of its role in Vault. @default vault-rollout */
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

/** What the job's role in Vault has to be allowed. */
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
 * Replaces Vault's servers after a change, which the chart leaves to others (`OnDelete`): one standby at a time, each
 * waited for until Raft's autopilot calls the cluster healthy; the active server last, after it has stepped down. The
 * first problem ends it, and no further server is touched.
 * @see https://developer.hashicorp.com/vault/docs/platform/k8s/helm/run#upgrading-vault-on-kubernetes
 * @throws ValidationError for an image of kubectl that has no shell or no version, for fewer than one replica, and for
 * a timeout below one minute
 */
export class Rollout extends LibraryConstruct {
  readonly job: JobV1;

  constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const { vault, replicas, images, serverTimeout = Duration.minutes(10) } = props;
    this.validate(images.kubectl, serverTimeout);
    const release = releaseOf(this, vault);
    const servers = serverNames(this, release, replicas);
    // Each server is waited for twice: until it is back, and until all are healthy.
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
      // A person looks at what went wrong before anything further is replaced.
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
