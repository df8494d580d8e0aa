import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caFile } from "../../local/certificates";
import { places } from "../../local/places";
import { freePort } from "../../local/ports";
import { findProgram } from "../support/needs";
import { toolsOfVaultImage } from "../support/shells";
import { resourcesOf } from "./layers";
import { cluster, eventually, part, servers } from "./support";

const PREFIX = "vault.hashicorp.com/";

interface PodTemplate {
  readonly metadata: { readonly annotations: Record<string, string> };
  readonly spec: {
    readonly service_account_name: string;
    readonly container: [{ readonly command: string[]; readonly args: string[] }];
    readonly volume: {
      readonly name: string;
      readonly projected?: { readonly sources: { readonly service_account_token: TokenRequest }[] }[];
    }[];
  };
}

interface TokenRequest {
  readonly audience: string;
  readonly expiration_seconds: number;
  readonly path: string;
}

/** Namespace and pod template of a Deployment in the workloads layer. */
export function synthesizedPod(deployment: string): { namespace: string; template: PodTemplate } {
  const found = Object.values<any>(resourcesOf("workloads").kubernetes_deployment_v1) // eslint-disable-line @typescript-eslint/no-explicit-any
    .find(({ metadata }) => metadata.name === deployment);
  // Terraform unescapes templates before they reach the cluster.
  const text = JSON.stringify(found).replaceAll("$${", "${").replaceAll("%%{", "%{");
  const { metadata, spec } = JSON.parse(text);
  return { namespace: metadata.namespace, template: spec.template };
}

/**
 * One pod of a Deployment: Vault Agent as init container and sidecar, and the application with its own command. The
 * agents are configured from the annotations, as by the injector. Only addresses, paths and the application's process
 * name differ from the cluster.
 * @see https://github.com/hashicorp/vault-k8s/blob/v1.7.6/agent-inject/agent/config.go
 */
export class InjectedPod {
  /** Prepares a pod of a Deployment, including its ServiceAccount token. */
  static async schedule(deployment: string): Promise<InjectedPod> {
    const pod = new InjectedPod(synthesizedPod(deployment), (await part("vault-0")).program);
    await pod.projectToken();
    return pod;
  }

  /** Templates of additional files to render, by file name. */
  readonly moreTemplates: Record<string, string> = {};
  /** Folder of the rendered files. */
  readonly secrets: string;
  /** Output of all processes of the pod. */
  output = "";
  /** Folder of the pod; deleted with it. */
  readonly folder = mkdtempSync(join(tmpdir(), "injected-pod-"));
  private readonly tools = findProgram("busybox") ? toolsOfVaultImage() : undefined;
  /** Process name of the maximum length, so that no other process is signalled. */
  private readonly processName = `app-${randomUUID().slice(0, 11)}`;
  private readonly processes = new Set<ChildProcess>();
  private ended = false;

  private constructor(
    private readonly pod: ReturnType<typeof synthesizedPod>,
    private readonly vaultProgram: string,
  ) {
    this.secrets = join(this.folder, "secrets");
    for (const name of ["secrets", "cache", "home"]) mkdirSync(join(this.folder, name));
  }

  read(name: string): string {
    return readFileSync(join(this.secrets, name), "utf8");
  }

  /** Runs the init container, if there is one, and starts the sidecar. Waits until all files are rendered. */
  async start(): Promise<void> {
    if (this.settings["agent-pre-populate"] !== "false") await this.initialise();
    await this.startAgent(false);
    const files = Object.keys(this.settings).flatMap(
      (it) => /^agent-inject-secret-(.+)$/.exec(it)?.[1] ?? [],
    );
    await eventually("the agent has rendered the files", 30, async () =>
      files.every((name) => existsSync(join(this.secrets, name))),
    );
  }

  /** Runs the init container. @throws Error with the agent's output if it fails */
  private async initialise(): Promise<void> {
    const agent = await this.startAgent(true);
    const code = await new Promise((resolve) => agent.once("close", resolve));
    if (code !== 0) throw new Error(`the agent ended with ${code}:\n${this.output}`);
  }

  /** Runs a script as the application and restarts it after each exit, like the kubelet. */
  startApplication(script: string, env: Record<string, string>): void {
    if (this.ended) return;
    const program = join(this.folder, this.processName);
    if (!existsSync(program)) symlinkSync(process.execPath, program);
    const [{ command, args }] = this.pod.template.spec.container;
    const [shell, ...rest] = [...command, ...args.map((it) => it.replaceAll("/vault/secrets", this.secrets))];
    const start = [...rest.slice(0, -1), program, "--import", "tsx", script];
    const application = this.spawn(shell, start, { PATH: process.env.PATH ?? "", ...env });
    application.once("exit", () => this.startApplication(script, env));
  }

  /** Terminates all processes and deletes the folders of the pod. */
  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(
      [...this.processes].map((child) => {
        const exited = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        return exited;
      }),
    );
    rmSync(this.folder, { recursive: true });
    if (this.tools) rmSync(this.tools, { recursive: true });
  }

  private async startAgent(init: boolean): Promise<ChildProcess> {
    const file = join(this.folder, init ? "init.json" : "sidecar.json");
    writeFileSync(file, JSON.stringify(await this.configuration(init)));
    return this.spawn(this.vaultProgram, ["agent", `-config=${file}`], {
      PATH: this.tools ?? process.env.PATH ?? "",
      HOME: join(this.folder, "home"),
    });
  }

  private spawn(program: string, args: string[], env: Record<string, string>): ChildProcess {
    const child = spawn(program, args, { env, cwd: places.root, stdio: ["ignore", "pipe", "pipe"] });
    this.processes.add(child);
    child.once("exit", () => this.processes.delete(child));
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (this.output += data));
    return child;
  }

  /** Writes the ServiceAccount token, as the kubelet does for a projected volume. */
  private async projectToken(): Promise<void> {
    const { namespace, template } = this.pod;
    const wanted = this.settings["agent-service-account-token-volume-name"];
    const [{ sources }] = template.spec.volume.find(({ name }) => name === wanted)!.projected!;
    const { audience, expiration_seconds: seconds, path } = sources[0].service_account_token;
    const account = template.spec.service_account_name;
    const token = await cluster.serviceAccountToken(namespace, account, { audience, seconds });
    writeFileSync(join(this.folder, path), token, { mode: 0o600 });
  }

  /** Annotations without their prefix. */
  private get settings(): Record<string, string> {
    const { annotations } = this.pod.template.metadata;
    return Object.fromEntries(
      Object.entries(annotations).map(([name, value]) => [name.slice(PREFIX.length), value]),
    );
  }

  private get secretNames(): string[] {
    return Object.keys(this.settings).flatMap((name) => /^agent-inject-secret-(.+)$/.exec(name)?.[1] ?? []);
  }

  private async configuration(init: boolean) {
    const { settings } = this;
    const template = (name: string, contents: string) => ({
      destination: join(this.secrets, name),
      contents,
      left_delimiter: "{{",
      right_delimiter: "}}",
      error_on_missing_key: settings[`error-on-missing-key-${name}`] === "true",
    });
    const token = join(this.folder, "token");
    return {
      pid_file: join(this.folder, "home", ".pid"),
      exit_after_auth: init,
      vault: { address: servers[0], ca_cert: caFile },
      auto_auth: {
        method: {
          type: "kubernetes",
          mount_path: settings["auth-path"],
          config: { role: settings.role, token_path: token },
        },
        sink: [{ type: "file", config: { path: join(this.folder, "home", ".vault-token") } }],
      },
      template: [
        ...this.secretNames.map((name) => ({
          ...template(name, settings[`agent-inject-template-${name}`]),
          command: settings[`agent-inject-command-${name}`]?.replace(
            /pidof \S+(?=\))/,
            `pidof ${this.processName}`,
          ),
          perms: settings[`agent-inject-perms-${name}`],
        })),
        ...Object.entries(this.moreTemplates).map(([name, contents]) => template(name, contents)),
      ],
      template_config: {
        exit_on_retry_failure: true,
        static_secret_render_interval: settings["template-static-secret-render-interval"],
      },
      ...(settings["agent-cache-enable"] === "true" && {
        listener: [{ type: "tcp", address: `127.0.0.1:${await freePort()}`, tls_disable: true }],
        cache: {
          use_auto_auth_token: "true",
          persist: {
            type: "kubernetes",
            path: join(this.folder, "cache"),
            exit_on_err: false,
            service_account_token_file: token,
          },
        },
      }),
    };
  }
}
