import { chmodSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { testUnless } from "../support/needs";
import { Project, pause, works } from "./stand-ins";

// Starting many processes takes time on a busy machine.
jest.setTimeout(240_000);

let project: Project;
beforeEach(() => (project = new Project()));
afterEach(() => project.dispose());

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("leaves nothing when a first run is interrupted by %s twice", async (signal, code) => {
  project.terraform("touch ../../../applying; exec sleep 60");
  const run = project.start();
  await run.says("PostgreSQL is up");
  while (!project.exists("applying")) await pause();
  const pids = project.pids();
  expect(pids.every(works)).toBe(true);
  expect(project.contents().processes).toEqual(expect.arrayContaining(pids.map(String)));
  run.child.kill(signal);
  run.child.kill(signal);
  const { code: actual, output } = await run.end;
  expect(output.split("\n").slice(-4)).toEqual([
    "",
    `Interrupted (${signal}).`,
    "Taking down what this run had started.",
    "",
  ]);
  expect(actual).toBe(code);
  expect(project.contents().processes).toEqual([]);
  expect(project.exists(".local")).toBe(false);
});

test("keeps the platform up for a second run and after a failed one", async () => {
  const first = await project.start().end;
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining("no changes") });
  const pids = project.pids();
  expect(pids).toHaveLength(8);
  expect(await project.start("--port", "1").end).toMatchObject({
    code: 1,
    output: expect.stringMatching(
      /^--port must be \d+, the port of the AWS emulator that is up, got 1\. .* run npm run local -- down/m,
    ),
  });
  expect(await project.start().end).toMatchObject({
    code: 0,
    output: expect.stringContaining("the platform of an earlier run is up"),
  });
  project.terraform("exit 1;");
  const failed = await project.start().end;
  expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("terraform apply failed") });
  expect(project.pids()).toEqual(pids);
  expect(pids.every(works)).toBe(true);

  const status = await project.start("status").end;
  expect(status.code).toBe(0);
  for (const [name, health] of [
    ["aws-emulator", "ready"],
    ["etcd", "ready"],
    ["kube-apiserver", "ready"],
    ["postgres", "ready"],
    ["vault-2", "active"],
  ]) {
    expect(status.output).toMatch(
      new RegExp(`^${name} +${health} +process ${project.pid(name)} +\\S*127.0.0.1:\\d+ +since 20`, "m"),
    );
  }

  expect((await project.start("down").end).code).toBe(0);
  expect(pids.filter(works)).toEqual([]);
  expect(project.exists(".local")).toBe(false);
  expect((await project.start("status").end).code).toBe(1);
});

test("restarts a killed server of Vault, but no other process, and prints both in the status", async () => {
  await project.start().end;
  const [vault, etcd] = [project.pid("vault-1"), project.pid("etcd")];
  process.kill(vault, "SIGKILL");
  process.kill(etcd, "SIGKILL");
  while (project.pid("vault-1") === vault || project.pid("vault-1") === undefined) await pause();
  expect(project.pid("etcd")).toBeUndefined();
  const { code, output } = await project.start("status").end;
  expect(code).toBe(1);
  expect(output).toMatch(/^etcd +ended +- .* restarts: 0, last end: ended by SIGKILL$/m);
  expect(output).toMatch(/^vault-1 .* restarts: 1, last end: ended by SIGKILL$/m);

  const again = await project.start().end;
  expect(again.code).toBe(0);
  expect((await project.start("status").end).output).toMatch(/^etcd +ready .* restarts: 1/m);
});

describe("with a supervisor that was killed", () => {
  let before: number[];
  beforeEach(async () => {
    await project.start().end;
    before = project.pids().slice(1);
    project.file(".local/state/kept", "data");
    process.kill(project.pid("supervisor"), "SIGKILL");
  });

  test("names the processes that still run in the status, and ends them with down", async () => {
    const pid = project.pid("supervisor");
    const { code, output } = await project.start("status").end;
    expect(code).toBe(1);
    expect(output).toContain(
      `The supervisor (process ${pid}) has ended; npm run local takes over the parts that still run.\n`,
    );
    expect(output).toContain(`postgres still runs, process ${project.pid("postgres")}.\n`);
    expect((await project.start("down").end).code).toBe(0);
    expect(before.filter(works)).toEqual([]);
    expect(project.contents().processes).toEqual([]);
  });

  test("takes over every process in the next run, and deletes nothing", async () => {
    const { code, output } = await project.start().end;
    expect(output).toContain(
      "the supervisor of an earlier run has ended; its parts still run and are taken over: " +
        "aws-emulator, etcd, kube-apiserver, postgres, vault-0, vault-1, vault-2\n",
    );
    expect(code).toBe(0);
    expect(project.pids().slice(1)).toEqual(before);
    expect(project.exists(".local/state/kept")).toBe(true);
    expect((await project.start("status").end).code).toBe(0);

    // The new supervisor owns the processes: it restarts a server, and `down` ends all of them.
    process.kill(project.pid("vault-1"), "SIGKILL");
    while (before.includes(project.pid("vault-1")) || project.pid("vault-1") === undefined) await pause();
    expect((await project.start("down").end).code).toBe(0);
    expect(project.contents().processes).toEqual([]);
  });

  test("restarts a process that ended meanwhile, and takes over the others", async () => {
    const [etcd, vault] = [project.pid("etcd"), project.pid("vault-2")];
    process.kill(etcd, "SIGKILL");
    const { code, output } = await project.start().end;
    expect(code).toBe(0);
    expect(output).toContain(
      "taken over: aws-emulator, kube-apiserver, postgres, vault-0, vault-1, vault-2\n",
    );
    expect(project.pid("etcd")).not.toBe(etcd);
    expect(project.pid("vault-2")).toBe(vault);
  });

  test("refuses the next run when the emulator ended too, and keeps the data", async () => {
    process.kill(project.pid("aws-emulator"), "SIGKILL");
    const vault = project.pid("vault-2");
    const { code, output } = await project.start().end;
    expect(code).toBe(1);
    expect(output).toMatch(/^Still running: etcd, kube-apiserver, postgres, vault-0, vault-1, vault-2\.$/m);
    expect(works(vault)).toBe(true);
    expect(project.exists(".local/state/kept")).toBe(true);
  });
});

test("names a supervisor that hangs, and starts no second one", async () => {
  await project.start().end;
  const pid = project.pid("supervisor");
  process.kill(pid, "SIGSTOP");
  const { code, output } = await project.start().end;
  expect(code).toBe(1);
  expect(output).toContain(
    `The supervisor (process ${pid}) runs and does not answer. End it with "kill -9 ${pid}"`,
  );
  process.kill(pid, "SIGCONT");
  expect((await project.start("status").end).code).toBe(0);
});

test("ends the supervisor and its processes when its files are deleted", async () => {
  await project.start().end;
  const pids = project.pids();
  project.remove(".local");
  while (pids.some(works)) await pause();
  expect(project.contents().processes).toEqual([]);
});

describe("while another run is at work", () => {
  /** Run that blocks in the apply of the first stack. */
  async function busy() {
    project.terraform("touch ../../../applying; while [ ! -e ../../../go-on ]; do sleep 0.1; done");
    const run = project.start();
    while (!project.exists("applying")) await pause();
    return run;
  }

  test.each([[[]], [["--fresh"]], [["down"]]])("changes nothing on npm run local %j", async (args) => {
    const first = await busy();
    const pids = project.pids();
    const { code, output } = await project.start(...args).end;
    expect(output).toBe(
      `Nothing was started: another npm run local is at work (process ${first.child.pid}).\n`,
    );
    expect(code).toBe(1);
    expect(project.pids()).toEqual(expect.arrayContaining(pids));
    expect(pids.every(works)).toBe(true);
    project.file("go-on", "");
    expect(await first.end).toMatchObject({ code: 0 });
    expect(project.exists(".local.lock")).toBe(false);
  });

  test("answers the status and the help", async () => {
    const first = await busy();
    expect((await project.start("status").end).output).toMatch(/^supervisor +ready/m);
    expect((await project.start("--help").end).code).toBe(0);
    project.file("go-on", "");
    await first.end;
  });

  test("frees the checkout of a killed run, and continues with its platform", async () => {
    const first = await busy();
    const pid = project.pid("aws-emulator");
    first.child.kill("SIGKILL");
    await first.end;
    expect(project.exists(".local.lock")).toBe(true);
    project.terraform(":");
    const { code, output } = await project.start().end;
    expect(output).toContain("the platform of an earlier run is up");
    expect(code).toBe(0);
    expect(project.pid("aws-emulator")).toBe(pid);
  });
});

test("lets one of two simultaneous runs start the platform, and refuses the other", async () => {
  const runs = [project.start(), project.start()];
  const ends = await Promise.all(runs.map(({ end }) => end));
  const [winner, loser] = ends[0].code === 0 ? [0, 1] : [1, 0];
  expect(ends[winner].code).toBe(0);
  expect(ends[loser]).toEqual({
    code: 1,
    output: `Nothing was started: another npm run local is at work (process ${runs[winner].child.pid}).\n`,
  });
  expect((await project.start("status").end).code).toBe(0);
  // `status` and `down` know every remaining process.
  expect((await project.start("down").end).code).toBe(0);
  expect(project.contents().processes).toEqual([]);
});

test("removes everything that a failed first run started", async () => {
  project.terraform("exit 1;");
  const { code, output } = await project.start().end;
  expect(code).toBe(1);
  expect(output).toContain("Taking down what this run had started.");
  expect(project.exists(".local")).toBe(false);
});

test("keeps data of an ended emulator until --fresh replaces them", async () => {
  project.file(".local/state/local-foundation.tfstate", "{}");
  const refused = await project.start().end;
  expect(refused.code).toBe(1);
  expect(refused.output).toBe(
    [
      "The AWS emulator of this platform has ended. It kept everything in memory: the key that unseals Vault, the recovery shares and the buckets.",
      `Still there, but Vault cannot be unsealed: ${project.path(".local/state")}.`,
      "Nothing was deleted. To delete it all and start a new platform: npm run local -- --fresh",
      "",
    ].join("\n"),
  );
  expect(project.exists(".local/state/local-foundation.tfstate")).toBe(true);

  expect((await project.start("--fresh").end).code).toBe(0);
  expect(project.exists(".local/state/local-foundation.tfstate")).toBe(false);
});

test("refuses the next run and deletes nothing when the emulator of a running platform ends", async () => {
  await project.start().end;
  project.file(".local/state/kept", "data");
  const pids = project.pids().slice(2);
  process.kill(project.pid("aws-emulator"), "SIGKILL");
  while (project.pid("aws-emulator") !== undefined) await pause();
  const { code, output } = await project.start().end;
  expect(code).toBe(1);
  expect(output).toContain("Nothing was deleted.");
  expect(pids.every(works)).toBe(true);
  expect(project.exists(".local/state/kept")).toBe(true);
});

test("prints the emulator's output when it ends at once", async () => {
  project.emulator('console.error("no such module"); process.exit(3);');
  const { code, output } = await project.start().end;
  expect(code).toBe(1);
  expect(output).toContain("aws-emulator did not start: ended with exit code 3\nno such module");
  expect(project.exists(".local")).toBe(false);
});

test("fails with the output of a Vault server that never answered", async () => {
  project.program("vault", "Vault v1.21.0 (stand-in)", 'console.error("bad seal"); process.exit(1);');
  const { code, output } = await project.start().end;
  expect(code).toBe(1);
  expect(output).toMatch(/vault-\d did not start: ended with exit code 1\nbad seal/);
});

test("names a failed bootstrap step and prints its output", async () => {
  project.bootstrapStep("store", "echo 'FAILED: no container' >&2; exit 1");
  const { code, output } = await project.start().end;
  expect(code).toBe(1);
  expect(output).toContain("bootstrap: init\n");
  expect(output).not.toContain("bootstrap: configure\n");
  expect(output).toContain(
    "Vault could not be bootstrapped, bootstrap-store.sh failed:\nFAILED: no container",
  );
  expect(project.exists(".local")).toBe(false);
});

const missingRoot = process.getuid?.() === 0 ? undefined : "the tests are not run by root";
testUnless(missingRoot)(
  "refuses a checkout that PostgreSQL's user cannot enter when run as root",
  async () => {
    chmodSync(project.folder, 0o700);
    const { code, output } = await project.start().end;
    expect(code).toBe(1);
    expect(output).toMatch(
      /^PostgreSQL refuses to run as root, .* cannot enter .*\. Move the checkout to where every user/m,
    );
    expect(project.exists(".local")).toBe(false);
  },
);

describe("a run that cannot start", () => {
  /** Output of a run that exits with 1 and leaves nothing behind. */
  async function refusal(...args: string[]): Promise<string> {
    const before = project.contents();
    const { code, output } = await project.start(...args).end;
    expect(code).toBe(1);
    expect(project.contents()).toEqual(before);
    expect(before.processes).toEqual([]);
    return output;
  }

  test("reports missing Terraform and leaves nothing", async () => {
    project.systemFolders = [];
    project.remove("bin/terraform");
    expect(await refusal()).toBe(
      "terraform is not on PATH; the local platform needs Terraform 1.11 or later.\n",
    );
  });

  test("reports the found version of an outdated Terraform and leaves nothing", async () => {
    project.file("bin/terraform", "#!/bin/sh\necho Terraform v1.5.7\n");
    expect(await refusal()).toContain('terraform does not fit: got "Terraform v1.5.7"');
  });

  test("reports missing Python and leaves nothing", async () => {
    project.systemFolders = [];
    project.remove("bin/python3");
    expect(await refusal()).toBe(
      "python3 is not on PATH; the local platform needs Python 3.10 or later with venv.\n",
    );
  });

  test("rejects a port in use before anything is installed or built", async () => {
    project.remove("cache");
    project.remove("bin/vault");
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await refusal("--port", String(port))).toBe(
      `Port ${port} on 127.0.0.1 is in use; give --port another one, or none to have a free one chosen.\n`,
    );
    server.close();
  });
});

test("leaves a usual port in use to the other program", async () => {
  const other = createServer().listen(18200, "127.0.0.1");
  other.once("error", () => undefined);
  const { code, output } = await project.start().end;
  other.close();
  expect(code).toBe(0);
  expect(output).toMatch(/Vault's servers are up at (?!https:\/\/127.0.0.1:18200,)https:/);
});

test("reinstalls an emulator with missing Python", async () => {
  project.removeEmulatorsPython();
  project.file("bin/python3", '#!/bin/sh\necho Python 3.11.2\n[ "$2" != venv ] || exit 1\n');
  const { code, output } = await project.start().end;
  expect(code).toBe(1);
  expect(output).toContain("could not be installed:\nPython 3.11.2");
});

test("skips a stack without its provider or chart in the plan, and suggests a mirror", async () => {
  const stacks = { "local-foundation": {}, "dev-workloads": {}, "dev-cluster": {} };
  project.file("cdktf.out/manifest.json", JSON.stringify({ stacks }));
  const required_providers = { kubernetes: { source: "kubernetes", version: "2.38.0" } };
  project.file(
    "cdktf.out/stacks/dev-workloads/cdk.tf.json",
    JSON.stringify({ terraform: { required_providers } }),
  );
  project.file(
    "cdktf.out/stacks/dev-cluster/cdk.tf.json",
    JSON.stringify({ terraform: { required_providers: {} } }),
  );
  const detail = 'Unable to locate chart vault: looks like "https://charts" cannot be reached: no such host';
  const error = { "@level": "error", "@message": "Error: Error locating chart", diagnostic: { detail } };
  project.terraformPlans(JSON.stringify(error));
  const { code, output } = await project.start("plan").end;
  expect(code).toBe(0);
  expect(output).toContain(
    "dev-workloads: skipped, Terraform cannot install hashicorp/kubernetes 2.38.0 here; put the provider into ~/",
  );
  expect(output).toMatch(/^dev-workloads +- +skipped: no hashicorp\/kubernetes 2\.38\.0 /m);
  expect(output).toContain(
    "dev-cluster: planned not, Helm cannot reach the repositories of vault here; name a mirror",
  );
  expect(output).toMatch(/^dev-cluster +- +validated; not planned: no chart vault /m);
  // Plans neither need nor start a platform.
  expect(project.contents().processes).toEqual([]);
  expect(output).not.toContain("local-foundation");
});
