import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bootstrapNames } from "../constructs/jobs/bootstrap-names";
import { local } from "../environments/local";
import { caFile } from "../local/certificates";
import { httpRequest } from "../local/http";
import { KubernetesApi } from "../local/kubernetes";
import { places } from "../local/places";
import { names, vaultPorts } from "../local/platform";
import { vaultAddress } from "../local/vault-servers";
import { withServices } from "./definitions";
import type { Platform } from "./platform";
import { RESOURCES } from "./sizes";
import { type Timed, timed } from "./timed";
import { vaultWrites } from "./vault-writes";

interface MeasureProps {
  readonly count: number;
  /** Commands that run at the same time. */
  readonly atOnce: number;
  readonly runs: number;
}

/** The vault command, with the login of Terraform. */
export class VaultCli {
  /** Logs in to Vault as Terraform does. */
  static async logIn(platform: Platform): Promise<VaultCli> {
    const { authPath, deployRole, deployServiceAccount, audience } = bootstrapNames;
    const api = KubernetesApi.fromKubeconfig();
    const jwt = await api.serviceAccountToken(names.namespace, deployServiceAccount, {
      audience,
      seconds: 600,
    });
    const address = vaultAddress(vaultPorts(platform.ports)[0]);
    const { status, text } = await httpRequest(`${address}/v1/auth/${authPath}/login`, {
      method: "POST",
      body: { role: deployRole, jwt },
      tls: { ca: caFile },
    });
    if (status !== 200) throw new Error(`Vault refused the login of Terraform with ${status}: ${text}`);
    return new VaultCli(platform, {
      PATH: `${dirname(platform.programs.vault)}:${process.env.PATH}`,
      HOME: places.run,
      VAULT_ADDR: address,
      VAULT_CACERT: caFile,
      VAULT_TOKEN: JSON.parse(text).auth.client_token,
    });
  }

  private constructor(
    private readonly platform: Platform,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Makes the writes that Terraform makes for the same number of services, with one command for each. */
  async measure({ count, atOnce, runs }: MeasureProps): Promise<Timed[]> {
    const times = [];
    for (let run = 0; run < runs; run++) {
      const prefix = `cli-${count}-${atOnce}-${run}`;
      this.platform.say(`vault command: ${count * RESOURCES} writes, ${atOnce} at once, run ${run + 1}`);
      const list = this.prepare(count, prefix);
      const script = `xargs -P ${atOnce} -n 2 sh -c 'exec vault write "$1" "@$2" >/dev/null' sh <${list}`;
      times.push(await timed("sh", ["-c", script], { cwd: dirname(list), env: this.env }));
    }
    return times;
  }

  /** Prepares the writes. @returns file with a line for each write: the path, and the file with the body */
  private prepare(count: number, prefix: string): string {
    const stacks = this.platform.synthesize(withServices(local, { count, perShard: count, prefix }), prefix);
    const file = join(stacks, `local-config-${prefix}-team-0`, "cdk.tf.json");
    const folder = join(places.run, "writes", prefix);
    mkdirSync(folder, { recursive: true });
    const writes = vaultWrites(JSON.parse(readFileSync(file, "utf8")).resource);
    if (writes.length !== count * RESOURCES)
      throw new Error(`expected ${count * RESOURCES} writes, got ${writes.length}`);
    const lines = writes.map(({ path, body }, index) => {
      writeFileSync(join(folder, `${index}.json`), JSON.stringify(body));
      return `${path} ${index}.json\n`;
    });
    const list = join(folder, "list");
    writeFileSync(list, lines.join(""));
    return list;
  }
}
