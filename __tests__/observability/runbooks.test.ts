import "reflect-metadata";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BACKUP, DRILL } from "../../constructs/observability/alerts/upkeep";
import { describeWithPrograms } from "../support/needs";
import { RaftVault } from "../support/servers/raft-vault";
import { until } from "../support/servers/processes";

const RUNBOOKS = join(__dirname, "..", "..", "docs", "runbooks");

interface Command {
  readonly page: string;
  readonly line: string;
}

/** Lines of the shell blocks of all pages, with continuation lines joined. */
const lines: Command[] = readdirSync(RUNBOOKS).flatMap((page) => {
  const text = readFileSync(join(RUNBOOKS, page), "utf8");
  return [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, block]) =>
    block
      .replace(/\\\n\s*/g, "")
      .split("\n")
      .map((line) => ({ page, line: line.replace(/ +# .*/, "").trim() }))
      .filter(({ line }) => line !== ""),
  );
});

/** Vault commands, including those in a pod, up to a pipe or redirection. */
const vaultCommands = unique(
  lines.flatMap(({ page, line }) => {
    const [, command] = /(?:^|-- )(vault [^|;&<>]+)/.exec(line) ?? [];
    return command ? [{ page, line: command.trim() }] : [];
  }),
);

/** Suspended CronJob of `DisasterRestore`. */
const RESTORE = "vault-restore";

/** Placeholder that the reader fills in. */
const PLACEHOLDER = /\b[A-Z][A-Z_]{2,}\b/;

/** Commands that require the fault that they fix, or that stop the server. */
const NEEDS_THE_FAULT = [
  /^vault operator raft remove-peer vault-\d$/,
  /^vault operator seal$/,
  // Requires a seal with recovery shares.
  /^vault operator rekey -target=recovery/,
  // Requires the database secrets engine of the config stack.
  /^vault list (sys\/leases\/lookup\/database)/,
  /^vault write (-force )?database\/(config|rotate-root)\/payments-db/,
];

const isRun = ({ line }: Command) =>
  !PLACEHOLDER.test(line) && !NEEDS_THE_FAULT.some((pattern) => pattern.test(line));

test("contain commands that are run and commands that are checked", () => {
  expect(vaultCommands.filter(isRun).length).toBeGreaterThan(8);
  expect(vaultCommands.filter((command) => !isRun(command)).length).toBeGreaterThan(8);
});

describe("kubectl", () => {
  const commands = unique(lines.filter(({ line }) => line.startsWith("kubectl")));

  test.each(commands)("$page: $line names only objects of the platform", ({ line }) => {
    const named = [
      ...line.matchAll(/(?:cronjob\/|get cronjob )([\w-]+)/g),
      ...line.matchAll(
        /(?:get|delete|patch) (?:networkpolicy|configmap|podmonitor|statefulset|certificate) ([\w-]+)/g,
      ),
      ...line.matchAll(/(?:persistentvolumeclaim) ([\w-]+)/g),
      ...line.matchAll(/(?:exec|pod|pod\/|logs) (vault-[\w-]+)/g),
      ...line.matchAll(/ -c ([\w-]+)/g),
    ].map(([, name]) => name);
    const known = /^(server|audit-shipper|vault-ca|vault|vault-tls|sh|(data-|audit-)?vault-[0-4])$/;
    expect(named.filter((name) => !known.test(name) && ![BACKUP, DRILL, RESTORE].includes(name))).toEqual([]);
    // The pods have a sidecar, so kubectl needs the container's name.
    if (/ exec /.test(line)) expect(line).toMatch(/ -c vault -- /);
    if (
      /^kubectl (?!get (pods|events|prometheus|podmonitor,servicemonitor|clusterissuer) ?|top )/.test(line)
    ) {
      expect(line).toMatch(/^kubectl -n (vault|cert-manager) /);
    }
  });
});

describeWithPrograms("vault")("the commands on a real Vault", () => {
  let vault: RaftVault;
  beforeAll(async () => {
    vault = await RaftVault.start();
    await vault.initialise();
    await vault.done("PUT", "sys/audit/bootstrap-file", {
      type: "file",
      options: { file_path: vault.auditFile("audit") },
    });
    await vault.done("POST", "sys/mounts/secret", { type: "kv", options: { version: "2" } });
    await vault.done("POST", "sys/auth/userpass", { type: "userpass" });
    await vault.done("POST", "auth/userpass/users/somebody", { password: "test", token_ttl: "1h" });
    await vault.done("POST", "auth/userpass/login/somebody", { password: "test" });
  }, 120_000);
  afterAll(() => vault?.stop());

  const run = (command: string) => {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
      env: vault.environment,
      encoding: "utf8",
    });
    return { status, output: `${stdout}${stderr}` };
  };

  test.each(vaultCommands.filter(isRun))(
    "$page: $line exits with 0",
    async ({ line }) => {
      await until(async () => {
        const { status } = await vault.call("GET", "sys/health");
        if (status !== 200) throw new Error(`Vault is not active: ${status}`);
      });
      const { status, output } = run(line);
      expect({ output, status }).toEqual({ output, status: 0 });
    },
    120_000,
  );

  test.each(vaultCommands.filter((command) => !isRun(command)))(
    "$page: $line is a Vault command with valid flags",
    ({ line }) => {
      const words = line.split(/\s+/);
      const end = words.findIndex((word) => /^-|[A-Z/=]|vault-\d/.test(word));
      const subcommand = end === -1 ? words : words.slice(0, end);
      const { status, output } = run(`${subcommand.join(" ")} -help`);
      expect({ output, status }).toEqual({ output, status: 0 });
      // For an unknown command, Vault prints the help of the parent command.
      expect(output).toContain(`Usage: ${subcommand.join(" ")} `);
      for (const flag of words.filter((word) => /^-\w/.test(word))) {
        expect(output).toMatch(new RegExp(`^ +${flag.replace(/=.*/, "")}\\b`, "m"));
      }
    },
  );

  const searches = lines.flatMap(({ page, line }) => {
    const [, script] = / -- sh -c '([^']*\/vault\/audit\/audit\.log[^']*)'/.exec(line) ?? [];
    return script?.includes("grep") ? [{ page, script }] : [];
  });
  test.each(searches)("$page: finds entries by its search in the audit log", ({ script }) => {
    const { status, output } = run(script.replaceAll("/vault/audit", join(vault.folder, "audit")));
    expect(status).toBe(0);
    expect(output).toMatch(/"/);
  });
});

function unique(commands: readonly Command[]): Command[] {
  return [...new Map(commands.map((command) => [command.line, command])).values()];
}
