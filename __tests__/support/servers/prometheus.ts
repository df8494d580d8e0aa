import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort, stop, until } from "./processes";
import { programPath } from "../needs";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Prometheus server for the duration of a test. */
export class Prometheus {
  /** Starts a server with a configuration and rule groups, and waits until it responds. */
  static async start(configuration: object, rules: readonly object[]): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
    writeFileSync(join(folder, "rules.yml"), stringify({ groups: rules }));
    writeFileSync(
      join(folder, "prometheus.yml"),
      stringify({ ...configuration, rule_files: [join(folder, "rules.yml")] }),
    );
    const port = await freePort();
    const child = spawn(
      programPath("prometheus"),
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: "ignore" },
    );
    const prometheus = new Prometheus(folder, port, child);
    await until(() => prometheus.get("query?query=1"));
    return prometheus;
  }

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  /** Scrape targets that are not up, each with its last error. */
  async unwellTargets(): Promise<string[]> {
    const { activeTargets } = await this.get("targets");
    return (activeTargets as Body[])
      .filter(({ health }) => health !== "up")
      .map(({ scrapeUrl, lastError, health }) => `${scrapeUrl}: ${health} ${lastError}`);
  }

  /** Sorted names of the firing alerts, without duplicates. */
  async firing(): Promise<string[]> {
    const { alerts } = await this.get("alerts");
    const names = (alerts as Body[])
      .filter(({ state }) => state === "firing")
      .map(({ labels }) => labels.alertname);
    return [...new Set<string>(names)].sort();
  }

  /** Latest samples of an expression. */
  async query(expression: string): Promise<{ labels: Record<string, string>; value: string }[]> {
    const { result } = await this.get(`query?query=${encodeURIComponent(expression)}`);
    return (result as Body[]).map(({ metric, value }) => ({ labels: metric, value: value[1] }));
  }

  /** Ends the server and deletes its folder. */
  async stop(): Promise<void> {
    await stop(this.child, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async get(path: string): Promise<Body> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1/${path}`);
    const { status, data, error } = (await answer.json()) as Body;
    if (status !== "success") throw new Error(`${path}: ${error}`);
    return data;
  }
}
