import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { awsIdentity, awsPrograms } from "../../local/emulator";
import { places } from "../../local/places";
import { emulatorUrl, environment, names } from "../../local/platform";
import { run } from "../../cli/processes";
import { describeUnless } from "../support/needs";
import { ProcessListing, TOKEN, filesWith, filesWithTokens } from "./search";
import { SecretWriter, logIn, ports, service, serviceAccountToken } from "./support";
import { terraform, testWithState } from "./terraform";

const noListing = ProcessListing.isPossible
  ? undefined
  : "process listings cannot be watched, for which this system would need /proc";

/** Secrets that files of a platform contain intentionally. Only the owner may read these files. */
function secretsInFiles(root: string): Record<string, { text: string; files: string[] }> {
  const folder = join(root, ".local");
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const password = (file: string) => ({ text: read(file), files: [`.local/${file}`] });
  const keys = readdirSync(join(folder, "certificates")).filter((file) => file.endsWith(".key"));
  return {
    "first password of Vault's user": password("postgres/payments-db.initial-password"),
    "password of PostgreSQL's superuser": password("postgres/superuser-password"),
    ...Object.fromEntries(
      keys.map((file) => [
        `private key ${file}`,
        {
          text: read(`certificates/${file}`).split("\n")[1],
          // PostgreSQL requires a copy that it owns.
          files: [
            `.local/certificates/${file}`,
            ...(file === "postgres.key" ? [".local/postgres/server.key"] : []),
          ],
        },
      ]),
    ),
  };
}

/** Shares for the creation of a root token, read from Secrets Manager. */
async function recoveryShares(emulator: string): Promise<string[]> {
  const shares = environment.aws.recoveryCustodians.map((_, index) => names.recoverySecret(index + 1));
  return Promise.all(
    shares.map(async (name) => {
      const { code, stdout, stderr } = await run(
        join(awsPrograms, "aws"),
        [
          "secretsmanager",
          "get-secret-value",
          `--secret-id=${name}`,
          "--query=SecretString",
          "--output=text",
        ],
        {
          env: {
            ...awsIdentity,
            AWS_ENDPOINT_URL: emulator,
            AWS_DEFAULT_REGION: environment.aws.region,
            PATH: process.env.PATH,
          },
        },
      );
      if (code !== 0) throw new Error(stderr);
      return stdout.trim();
    }),
  );
}

/** Expects the secrets in no file of a platform or of the synthesized output. */
function expectNowhere(root: string, secrets: Record<string, string>): void {
  const folders = [join(root, ".local"), join(root, "cdktf.out")];
  for (const [what, { text, files }] of Object.entries(secretsInFiles(root))) {
    expect(text.length).toBeGreaterThan(20);
    // Finding these secrets in their own files proves that the search works.
    expect({ what, found: filesWith([text], root, folders) }).toEqual({ what, found: files });
    for (const file of files) expect(statSync(join(root, file)).mode & 0o077).toBe(0);
  }
  for (const [what, text] of Object.entries(secrets)) {
    expect(text.length).toBeGreaterThan(8);
    expect({ what, found: filesWith([text], root, folders) }).toEqual({ what, found: [] });
  }
  expect(filesWithTokens(root, folders)).toEqual([]);
}

function expectNotIn(texts: Iterable<string>, secrets: Record<string, string>): void {
  const all = [...texts].join("\n");
  for (const [what, secret] of Object.entries(secrets)) {
    expect({ what, found: all.includes(secret) }).toEqual({ what, found: false });
  }
  expect(TOKEN.exec(all)?.[0]).toBeUndefined();
}

test("keeps secrets and tokens out of the platform's files and process listings", async () => {
  const path = "payment-service/test-planted";
  const writer = await SecretWriter.arrive();
  const value = `planted-${randomUUID()}`;
  await writer.write(path, { value });
  const jwt = await serviceAccountToken(service.namespace, service.name);
  const pod = await logIn("kubernetes", service.name, jwt);
  try {
    await pod.request("GET", `secret/data/${path}`);
    const { data: user } = await pod.request("GET", "database/creds/payment-service-role");
    const { data: issued } = await pod.request("POST", "pki/issue/payment-service", {
      common_name: "payment-service.production.svc",
    });
    const shares = await recoveryShares(emulatorUrl(ports));
    expect(new Set(shares).size).toBe(5);
    const secrets = {
      "static secret": value,
      "password of a user": user.password,
      "private key": issued.private_key.split("\n")[1],
      "ServiceAccount token": jwt,
      "Vault token": pod.token,
      ...Object.fromEntries(shares.map((share, index) => [`recovery share ${index + 1}`, share])),
    };

    expectNowhere(places.root, secrets);
    if (ProcessListing.isPossible) {
      const listing = new ProcessListing();
      listing.stop();
      expectNotIn(listing.commandLines, secrets);
    }
  } finally {
    await pod.end();
    await writer.forget(path);
    await writer.leave();
  }
}, 300_000);

testWithState("local-config")(
  "keeps the initial password out of a plan from an empty state",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "plans-"));
    const plan = join(folder, "plan");
    const state = `-state=${join(folder, "none.tfstate")}`;
    try {
      const args = ["-input=false", "-lock=false", state, `-out=${plan}`];
      const planned = await terraform("local-config", "plan", ...args);
      expect({ code: planned.code, stderr: planned.stderr }).toEqual({ code: 0, stderr: "" });
      // The plan file is an archive; this prints its complete content.
      const shown = await terraform("local-config", "show", "-json", plan);
      const content = JSON.parse(shown.stdout);
      expect(content.resource_changes.length).toBeGreaterThan(30);
      expect(content.variables).toBeDefined();
      const what = "first password of Vault's user";
      expectNotIn([planned.stdout, shown.stdout], { [what]: secretsInFiles(places.root)[what].text });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  300_000,
);

describeUnless(noListing)("a first run in a fresh checkout", () => {
  const root = mkdtempSync(join(tmpdir(), "lp-"));
  const npm = (...args: string[]) => run("npm", ["run", "--silent", ...args], { cwd: root });

  beforeAll(() => {
    // PostgreSQL may run as another user.
    chmodSync(root, 0o711);
    const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: places.root,
      encoding: "utf8",
    }).split("\0");
    for (const file of files.filter(
      (it) => it && it !== "node_modules" && existsSync(join(places.root, it)),
    )) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      cpSync(join(places.root, file), join(root, file), { verbatimSymlinks: true });
    }
    symlinkSync(join(places.root, "node_modules"), join(root, "node_modules"));
    // Keeps only `local`: the other environments are only planned, from nothing and without secrets.
    const definitions = join(root, "environments", "index.ts");
    const text = readFileSync(definitions, "utf8").replace(
      /(EnvironmentDefinition\[\] = )[^;]*;/,
      "$1[local];",
    );
    expect(text).toContain("= [local];");
    writeFileSync(definitions, text);
  });
  afterAll(async () => {
    await npm("local", "--", "down");
    rmSync(root, { recursive: true });
  }, 120_000);

  test("shows no secret in output, files or process listings, and leaves nothing after down", async () => {
    const marker = `planted-${randomUUID()}`;
    const listing = new ProcessListing();
    const { code, stdout, stderr } = await npm("local");
    spawnSync("sh", ["-c", "sleep 0.2; exit 0", marker]);
    await run("sh", ["-c", "sleep 0.2; exit 0", marker]);
    listing.stop();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

    const { emulator } = JSON.parse(readFileSync(join(root, ".local", "ports.json"), "utf8"));
    const shares = await recoveryShares(`http://127.0.0.1:${emulator}`);
    const secrets = Object.fromEntries([
      ...shares.map((share, index) => [`recovery share ${index + 1}`, share]),
      ...Object.entries(secretsInFiles(root)).map(([what, { text }]) => [what, text]),
    ]);
    // The recorder has seen processes that have ended.
    const seen = [...listing.commandLines].join("\n");
    expect(seen).toContain(marker);
    for (const program of ["initdb", "vault operator init", "aws secretsmanager", "terraform apply"]) {
      expect(seen).toContain(program);
    }
    expectNotIn([seen], secrets);
    expectNotIn([stdout], secrets);
    expectNowhere(
      root,
      Object.fromEntries(shares.map((share, index) => [`recovery share ${index + 1}`, share])),
    );

    const down = await npm("local", "--", "down");
    expect(down).toMatchObject({ code: 0, stdout: "The local platform is down.\n" });
    expect(existsSync(join(root, ".local"))).toBe(false);
    const after = new ProcessListing();
    after.stop();
    expect([...after.commandLines].filter((line) => line.includes(root))).toEqual([]);
  }, 1_200_000);
});
