import { basename } from "node:path/posix";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { Lazy, Token } from "cdktf";
import type { Construct } from "constructs";
import { LibraryConstruct } from "../core/library-construct";
import { type ContainerResources, renderResources } from "../core/container-resources";
import { containerResources } from "../server/fields";
import { SERVICE_LABEL } from "../network/labels";
import { secretReferences } from "../core/pod-options";
import { suppressCheckov } from "../core/checkov";
import { Cpu } from "../core/cpu";
import { Duration } from "../core/duration";
import { checkProps, flag, list, number, object, text } from "../core/field";
import { duration } from "../core/fields";
import { requirePinnedImage } from "../core/image-reference";
import { literal } from "../core/literal";
import { received } from "../core/received";
import { Size } from "../core/size";
import { isLiteral } from "../core/tokens";
import { ValidationError } from "../core/validation-error";
import { AgentInjection } from "./agent-injection";
import type { AgentInjectionProps } from "./agent-settings";
import { agentFields } from "./fields";

/** What the agent needs to revoke its token after the grace, before the kubelet kills the pod. */
const REVOCATION = Duration.seconds(10);

export interface InjectedDeploymentProps extends Omit<
  AgentInjectionProps,
  "containers" | "group" | "onChange" | "revokeGrace"
> {
  /** Image of the application, with its version; it has to have `/bin/sh`. */
  readonly image: string;
  /** Program and arguments that replace the shell when the secrets are read. */
  readonly command: readonly string[];
  /** @default - the ServiceAccount's */
  readonly name?: string;
  /** Port that the application listens on. @default - 8080, the article's */
  readonly port?: number;
  /** @default - 3, the article's */
  readonly replicas?: number;
  /** @default - the article's: requests 100m and 128 MiB, limits 500m and 256 MiB */
  readonly resources?: ContainerResources;
  /** Path that answers 200 while the application is well. @default - it is well while its port accepts connections */
  readonly healthPath?: string;
  /** User and group of the application and of the agent, above zero. @default - 10001, which no node uses */
  readonly user?: number;
  /** How long the application needs to end after SIGTERM. @default - 20s */
  readonly shutdown?: Duration;
  /**
   * Name by which the agent finds the application to restart it, where it is not the program's: a script's
   * interpreter, for example. @default - the last part of the program's path
   */
  readonly processName?: string;
  /**
   * The application reads the files again by itself. Otherwise it is restarted whenever a file changed, because it
   * would go on with credentials that have ended.
   * @default false
   */
  readonly reloadsSecrets?: boolean;
  /**
   * Names of Secrets of the namespace by which nodes log in to the registry of the images, the agents' included.
   * @default - the ServiceAccount's
   */
  readonly imagePullSecrets?: readonly string[];
}

const PROPS = object<InjectedDeploymentProps>(() => ({
  ...agentFields,
  image: text,
  command: list(text).known(),
  name: text.optional(),
  port: number.optional(),
  replicas: number.optional(),
  resources: containerResources.optional(),
  healthPath: text.optional(),
  user: number.optional(),
  shutdown: duration.optional(),
  processName: text.known().optional(),
  reloadsSecrets: flag.optional(),
  imagePullSecrets: list(text).known().optional(),
}));

/**
 * A Deployment whose pods get their secrets from Vault's agent as files and have read them when the application
 * starts. Restricted pods; no container of the application has a token of the ServiceAccount.
 *
 * Secrets are added through `injection`. `. file` stands where the article has `source file`, which the POSIX shell
 * of most images does not know.
 * @see https://developer.hashicorp.com/vault/docs/deploy/kubernetes/injector
 * @throws ValidationError for an image without a version, an empty command, a process name that the agent cannot look
 * up, replicas, ports or users outside their limits, two listeners on one port, and as AgentInjection
 */
export class InjectedDeployment extends LibraryConstruct {
  readonly injection: AgentInjection;
  readonly deployment: DeploymentV1;
  readonly name: string;
  /** Labels by which network policies select the pods. */
  readonly policyLabels: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: InjectedDeploymentProps) {
    super(scope, id);
    checkProps(this, PROPS, props);
    const agent = Object.fromEntries(
      Object.keys(agentFields).map((key) => [key, props[key as keyof typeof agentFields]]),
    ) as unknown as AgentInjectionProps;
    const { identity, port = 8080, replicas = 3, user = 10001, shutdown = Duration.seconds(20) } = props;
    const { namespace } = identity.serviceAccount;
    this.name = props.name ?? identity.serviceAccount.name;
    this.validate(props, port, replicas, user);
    this.injection = new AgentInjection(this, "Injection", {
      ...agent,
      containers: [this.name],
      group: user,
      revokeGrace: shutdown,
      onChange: props.reloadsSecrets ? undefined : restart(this, props),
    });

    const labels = { app: this.name };
    this.policyLabels = { [SERVICE_LABEL]: this.name };
    const spread = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      // A cluster without zones still runs the pods.
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: [{ matchLabels: labels }],
    });
    this.deployment = new DeploymentV1(this, "Resource", {
      metadata: { name: this.name, namespace, labels },
      spec: {
        replicas: `${replicas}`,
        selector: { matchLabels: labels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1", maxUnavailable: "0" } },
        template: {
          metadata: {
            labels: { ...labels, ...this.injection.labels, ...this.policyLabels },
            annotations: Token.asStringMap(Lazy.anyValue({ produce: () => this.injection.annotations })),
          },
          spec: {
            serviceAccountName: identity.serviceAccount.name,
            imagePullSecrets: secretReferences(props.imagePullSecrets),
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            // The agent has to see the application's process to end it; both are the same user in the same pod.
            shareProcessNamespace: props.reloadsSecrets ? undefined : true,
            terminationGracePeriodSeconds: shutdown.toSeconds() + REVOCATION.toSeconds(),
            securityContext: {
              runAsNonRoot: true,
              runAsUser: `${user}`,
              runAsGroup: `${user}`,
              fsGroup: `${user}`,
              seccompProfile: { type: "RuntimeDefault" },
            },
            topologySpreadConstraint: [
              spread("topology.kubernetes.io/zone"),
              spread("kubernetes.io/hostname"),
            ],
            volume: [...this.injection.volumes, { name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
            container: [this.container(props, port, user)],
          },
        },
      },
    });
    if (isLiteral(props.image) && !props.image.includes("@sha256:")) {
      suppressCheckov(
        this.deployment,
        "CKV_K8S_43",
        "the team's image has a version; a digest is kept where one is given with it",
      );
    }
    new PodDisruptionBudgetV1(this, "DisruptionBudget", {
      metadata: { name: this.name, namespace, labels },
      spec: { maxUnavailable: "1", selector: { matchLabels: labels } },
    });
  }

  private container(props: InjectedDeploymentProps, port: number, user: number) {
    const check = props.healthPath
      ? { httpGet: { path: props.healthPath, port: `${port}` } }
      : { tcpSocket: [{ port: `${port}` }] };
    return {
      name: this.name,
      image: props.image,
      // A registry that no longer has the image, or an image that the pod may not pull, is found out at once.
      imagePullPolicy: "Always",
      command: ["/bin/sh", "-c"],
      args: Token.asList(Lazy.anyValue({ produce: () => this.startArguments(props.command) })),
      port: [{ name: "http", containerPort: port }],
      resources: renderResources(
        this,
        props.resources ?? {
          requests: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
          limits: { cpu: Cpu.millis(500), memory: Size.mebibytes(256) },
        },
      ),
      startupProbe: { ...check, periodSeconds: 2, failureThreshold: 60 },
      readinessProbe: { ...check, periodSeconds: 5, failureThreshold: 3 },
      livenessProbe: { ...check, periodSeconds: 10, failureThreshold: 6 },
      securityContext: {
        // The injector gives the agent the user that is named here, at the container.
        runAsUser: `${user}`,
        runAsGroup: `${user}`,
        runAsNonRoot: true,
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
      volumeMount: [{ name: "tmp", mountPath: "/tmp" }],
    };
  }

  /** The shell reads the files and becomes the application, whose arguments need no quoting. */
  private startArguments(command: readonly string[]): string[] {
    const files = this.injection.environmentFiles.map((file) => `. ${file} &&`);
    return [[...files, 'exec "$@"'].join("\n"), "sh", ...command].map(literal);
  }

  private validate(props: InjectedDeploymentProps, port: number, replicas: number, user: number): void {
    requirePinnedImage(this, "image", props.image);
    if (props.command.length === 0) {
      throw new ValidationError(this, "command must name the program that is started, got an empty list");
    }
    const whole = (what: string, value: number, least: number, most: number) => {
      if (isLiteral(value) && (!Number.isInteger(value) || value < least || value > most)) {
        throw new ValidationError(
          this,
          `${what} must be a whole number from ${least} to ${most}, got ${received(value)}`,
        );
      }
    };
    whole("port", port, 1, 65535);
    whole("replicas", replicas, 1, 1000);
    whole("user", user, 1, 2 ** 31 - 1);
    const { cacheListenerPort = 8200 } = props;
    if (isLiteral(port) && port === cacheListenerPort) {
      throw new ValidationError(
        this,
        `port must differ from the port of the agent's cache, ${cacheListenerPort}, got ${received(port)}`,
      );
    }
  }
}

/**
 * Ends the application, so that the kubelet starts it again with the new files. The agent runs this at the first
 * rendering too, when there is no application yet, and would end itself if it failed.
 */
function restart(scope: Construct, { command, processName }: InjectedDeploymentProps): string {
  const name = processName ?? basename(command[0]);
  if (!/^[\w.-]+$/.test(name)) {
    throw new ValidationError(
      scope,
      `processName must be the name of a program, of letters, digits, dots, dashes and underscores, got ${received(name)}`,
    );
  }
  return `pid=$(pidof ${name}) && kill -TERM $pid || true`;
}
