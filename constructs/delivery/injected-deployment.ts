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

/** Time for the agent to revoke its token after the grace, before the kubelet kills the pod. */
const REVOCATION = Duration.seconds(10);

/** Properties of InjectedDeployment. */
export interface InjectedDeploymentProps extends Omit<
  AgentInjectionProps,
  "containers" | "group" | "onChange" | "revokeGrace"
> {
  /** Image of the application, with its version. It must contain `/bin/sh`. */
  readonly image: string;
  /** Program and arguments that replace the shell after it has read the secrets. */
  readonly command: readonly string[];
  /** Name of the Deployment. @default - the ServiceAccount's name */
  readonly name?: string;
  /** Port that the application listens on. @default 8080 - as in the article */
  readonly port?: number;
  /** Number of pods. @default 3 - as in the article */
  readonly replicas?: number;
  /**
   * Resources of the application's container.
   * @default - as in the article: requests 100m and 128 MiB, limits 500m and 256 MiB
   */
  readonly resources?: ContainerResources;
  /** Path that answers 200 while the application is healthy. @default - healthy while its port accepts connections */
  readonly healthPath?: string;
  /** User and group of the application and of the agent, above zero. @default 10001 - nodes do not use it */
  readonly user?: number;
  /** Time that the application needs to exit after SIGTERM. @default 20s */
  readonly shutdown?: Duration;
  /**
   * Process name by which the agent finds the application to restart it. Set it if it is not the program's name, such
   * as a script's interpreter.
   * @default - the last part of the program's path
   */
  readonly processName?: string;
  /**
   * Whether the application reads changed files again. Otherwise it is restarted when a file changes, because it would
   * continue with expired credentials.
   * @default false
   */
  readonly reloadsSecrets?: boolean;
  /**
   * Names of the namespace's Secrets with which nodes log in to the registry of the images, the agents' included.
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
 * Deployment with secrets as files from Vault's agent. The pods read the files before the application starts.
 * Pods are restricted; no container of the application has a ServiceAccount token.
 *
 * Add secrets through `injection`. The shell reads them with `. file`, not with the article's `source file`: the POSIX
 * shell of most images does not have `source`.
 * @see https://developer.hashicorp.com/vault/docs/deploy/kubernetes/injector
 * @throws ValidationError if the image has no version, the command is empty, the process name is invalid, replicas,
 * port or user are out of range, two listeners use one port, or as AgentInjection
 */
export class InjectedDeployment extends LibraryConstruct {
  /** Agent of the pods; add secrets to it. */
  readonly injection: AgentInjection;
  /** The Deployment. */
  readonly deployment: DeploymentV1;
  /** Name of the Deployment. */
  readonly name: string;
  /** Labels with which network policies select the pods. */
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
            // The agent must see the application's process to terminate it; both run as the same user in the same pod.
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
      // Detects at once that the registry no longer has the image, or that the pod cannot pull it.
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
        // The injector copies this container's user to the agent.
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

  /** Shell script that reads the files and executes the application; its arguments need no quoting. */
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
 * Command that terminates the application, so that the kubelet restarts it with the new files. The agent also runs it
 * at the first rendering, when there is no application yet, and would exit if it failed.
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
