import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { programPath } from "../../support/needs";
import type { DevVault } from "../../support/servers/dev-vault";
import { stop } from "../../support/servers/processes";

const PREFIX = "vault.hashicorp.com/";

/**
 * Vault Agent with the configuration that the injector derives from a pod's annotations. It writes to a temporary
 * folder and receives a token, because there is no cluster for a login.
 * @see https://github.com/hashicorp/vault-k8s/blob/v1.7.6/agent-inject/agent/config.go
 */
export class TestAgent {
  readonly folder: string;
  /** Folder of the rendered files. */
  readonly secrets: string;
  /** Combined stdout and stderr. */
  output = "";
  private process?: ChildProcess;

  constructor(
    private readonly vault: DevVault,
    private readonly annotations: Record<string, string>,
    /** PATH of the agent, for the commands that it runs. */
    private readonly path = process.env.PATH ?? "",
  ) {
    this.folder = mkdtempSync(join(vault.folder, "agent-"));
    this.secrets = join(this.folder, "secrets");
    mkdirSync(this.secrets);
  }

  /** Runs like the init container. @returns the exit code */
  async renderOnce(): Promise<number | null> {
    const process = this.spawn(true);
    return new Promise((resolve) => process.on("close", resolve));
  }

  /** Runs like the sidecar. */
  start(): void {
    this.process = this.spawn(false);
  }

  async stop(): Promise<void> {
    if (this.process) await stop(this.process, "SIGTERM");
  }

  read(name: string): string {
    return readFileSync(join(this.secrets, name), "utf8");
  }

  private spawn(exitAfterAuth: boolean): ChildProcess {
    const file = join(this.folder, "config.json");
    writeFileSync(join(this.folder, "token"), this.vault.rootToken);
    writeFileSync(file, JSON.stringify(this.configuration(exitAfterAuth)));
    const agent = spawn(programPath("vault"), ["agent", `-config=${file}`], {
      env: { PATH: this.path, HOME: this.folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [agent.stdout, agent.stderr]) {
      stream.on("data", (data) => (this.output += data));
    }
    return agent;
  }

  private configuration(exitAfterAuth: boolean) {
    const settings = Object.fromEntries(
      Object.entries(this.annotations).map(([name, value]) => [name.slice(PREFIX.length), value]),
    );
    const names = Object.keys(settings).flatMap((name) => /^agent-inject-secret-(.+)$/.exec(name)?.[1] ?? []);
    return {
      auto_auth: {
        method: {
          type: "token_file",
          mount_path: settings["auth-path"],
          config: { token_file_path: join(this.folder, "token") },
        },
        sink: [{ type: "file", config: { path: join(this.folder, "sink") } }],
      },
      exit_after_auth: exitAfterAuth,
      vault: { address: this.vault.address },
      template: names.map((name) => ({
        destination: join(this.secrets, name),
        contents: settings[`agent-inject-template-${name}`],
        left_delimiter: "{{",
        right_delimiter: "}}",
        command: settings[`agent-inject-command-${name}`],
        perms: settings[`agent-inject-perms-${name}`],
        error_on_missing_key: settings[`error-on-missing-key-${name}`] === "true",
      })),
      template_config: {
        exit_on_retry_failure: true,
        static_secret_render_interval: settings["template-static-secret-render-interval"],
      },
    };
  }
}

/** Waits at most ten seconds for a condition. Errors count as false. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  let last: unknown;
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error("it did not happen within ten seconds", { cause: last });
}
