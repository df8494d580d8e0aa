import { X509Certificate, createPrivateKey } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Duration } from "../../constructs/core/duration";
import type { AgentInjection } from "../../constructs/delivery/agent-injection";
import { injectionWith } from "./support/delivery";
import { describeWithPrograms } from "../support/needs";
import { testInPosixShells } from "../support/shells";
import { TestAgent } from "./support/vault-agent";
import { DevVault } from "../support/servers/dev-vault";

jest.setTimeout(60_000);

/** Template from the article; the one for the database has the same form. */
const ARTICLE_CONFIG = `{{- with secret "secret/data/payment-service/config" -}}
export STRIPE_API_KEY="{{ .Data.data.stripe_api_key }}"
export WEBHOOK_SECRET="{{ .Data.data.webhook_secret }}"
{{- end }}
`;
const ARTICLE_DB = `{{- with secret "database/creds/payment-service-role" -}}
export DB_USERNAME="{{ .Data.username }}"
export DB_PASSWORD="{{ .Data.password }}"
{{- end }}
`;

const AWKWARD = {
  quotes: `a "double", a 'single' and a \`back\` quote`,
  dollars: "$HOME ${HOME} $(id) $$ %{x} %s {{ .x }}",
  backslashes: "\\ \\\\ \\n \\$HOME \\",
  line_feeds: "first\nsecond\n\nlast, which ends the value\n",
  spaces: "  before and after\t ",
  letters: "Grüße, žluťoučký, 日本語, 🔑",
  empty: "",
  operators: "; rm -rf x & | > < ( ) * ? [a] ~ # ! = ^ -n",
};

describeWithPrograms("vault")("a real agent", () => {
  let vault: DevVault;

  beforeAll(async () => {
    vault = await DevVault.start({ hasSecrets: true });
    await vault.write("sys/mounts/database", { type: "kv", options: { version: "1" } });
    await vault.write("secret/data/payment-service/config", {
      data: { stripe_api_key: "sk_live_4eC39HqLyjWDarjtT1zdp7dc", webhook_secret: "whsec_9-x/Y+z=" },
    });
    await vault.write("database/creds/payment-service-role", {
      username: "v-kubernet-payment--2Gqmj0vUJtkR0qB4ZrVx-1700000000",
      password: "kQ7-rTzUvWxYz0123456",
    });
    await vault.write("secret/data/awkward", { data: AWKWARD });
  });
  afterAll(() => vault.stop());

  async function rendered(build: (injection: AgentInjection) => void): Promise<TestAgent> {
    const injection = injectionWith();
    build(injection);
    const agent = new TestAgent(vault, injection.annotations);
    const code = await agent.renderOnce();
    if (code !== 0) throw new Error(agent.output);
    return agent;
  }

  test("renders the article's files byte for byte, with the article's templates and the library's", async () => {
    const agent = await rendered((injection) => {
      injection.addSecret("article-config", {
        path: "secret/data/payment-service/config",
        template: ARTICLE_CONFIG,
      });
      injection.addSecret("article-db", {
        path: "database/creds/payment-service-role",
        template: ARTICLE_DB,
      });
      injection.addKeyValue("config", {
        path: "payment-service/config",
        variables: { STRIPE_API_KEY: "stripe_api_key", WEBHOOK_SECRET: "webhook_secret" },
      });
      injection.addDatabaseCredentials("db", { role: "payment-service-role", leaseTtl: Duration.hours(1) });
    });
    expect(agent.read("config")).toBe(
      'export STRIPE_API_KEY="sk_live_4eC39HqLyjWDarjtT1zdp7dc"\nexport WEBHOOK_SECRET="whsec_9-x/Y+z="\n',
    );
    expect(agent.read("db")).toBe(
      'export DB_USERNAME="v-kubernet-payment--2Gqmj0vUJtkR0qB4ZrVx-1700000000"\nexport DB_PASSWORD="kQ7-rTzUvWxYz0123456"\n',
    );
    expect(agent.read("config")).toBe(agent.read("article-config"));
    expect(agent.read("db")).toBe(agent.read("article-db"));
  });

  testInPosixShells("sets every value unchanged in a variable of %s %p", async (shell, flags) => {
    const variables = Object.fromEntries(Object.keys(AWKWARD).map((key) => [key.toUpperCase(), key]));
    const agent = await rendered((injection) =>
      injection.addKeyValue("awkward", { path: "awkward", variables }),
    );
    const script = join(agent.folder, "print.sh");
    const print = Object.keys(variables).map((name) => `printf '%s\\0' "$${name}"`);
    writeFileSync(script, [`. ${join(agent.secrets, "awkward")}`, ...print].join("\n"));
    const values = execFileSync(shell, [...flags, script], { encoding: "utf8" })
      .split("\0")
      .slice(0, -1);
    expect(values).toEqual(Object.values(AWKWARD));
  });

  test("loses a value with a dollar with the article's own template", async () => {
    const agent = await rendered((injection) =>
      injection.addSecret("awkward", {
        path: "secret/data/awkward",
        template: '{{ with secret "secret/data/awkward" }}export X="{{ .Data.data.dollars }}"{{ end }}\n',
      }),
    );
    const value = execFileSync("sh", ["-c", `. ${join(agent.secrets, "awkward")}; printf %s "$X"`], {
      encoding: "utf8",
    });
    expect(value).not.toBe(AWKWARD.dollars);
  });

  test("renders numbers and booleans as in JSON and accepts keys with dots and dashes", async () => {
    await vault.write("secret/data/typed", {
      data: { port: 5432, "with-dash": "a", "with.dot": "", on: true, off: false, zero: 0, ratio: 0.1 },
    });
    const agent = await rendered((injection) =>
      injection.addKeyValue("typed", {
        path: "typed",
        variables: {
          ...{ PORT: "port", DASH: "with-dash", DOT: "with.dot", ON: "on" },
          ...{ OFF: "off", ZERO: "zero", RATIO: "ratio" },
        },
      }),
    );
    expect(agent.read("typed").split("\n")).toEqual([
      ...['export PORT="5432"', 'export DASH="a"', 'export DOT=""', 'export ON="true"'],
      ...['export OFF="false"', 'export ZERO="0"', 'export RATIO="0.1"', ""],
    ]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["no such key", { other: "text" }],
    ["null", { key: null }],
    ["a list", { key: ["a", "planted"] }],
    ["an empty list", { key: [] }],
    ["an object", { key: { inner: "planted" } }],
    ["a NUL, at which a shell would cut", { key: "planted\0rest" }],
  ])("fails for a secret with %s, writes no file and does not print the value", async (_title, data) => {
    await vault.write("secret/data/unfit", { data });
    const injection = injectionWith();
    injection.addKeyValue("unfit", { path: "unfit", variables: { X: "key" } });
    const agent = new TestAgent(vault, injection.annotations);
    expect(await agent.renderOnce()).not.toBe(0);
    expect(agent.output).toContain("the secret must have a string, number or boolean at the key key");
    expect(agent.output).not.toContain("planted");
    expect(existsSync(join(agent.secrets, "unfit"))).toBe(false);
  });

  test("writes files that only the agent's user can read, unless permissions are set", async () => {
    const variables = { X: "stripe_api_key" };
    const agent = await rendered((injection) => {
      injection.addKeyValue("default", { path: "payment-service/config", variables });
      injection.addKeyValue("group", { path: "payment-service/config", variables, permissions: "0440" });
    });
    const mode = (name: string) => (statSync(join(agent.secrets, name)).mode & 0o777).toString(8);
    expect(mode("default")).toBe("400");
    expect(mode("group")).toBe("440");
  });

  test("writes certificate, chain and key to one file, which a second run keeps", async () => {
    await vault.write("sys/mounts/pki", { type: "pki" });
    await vault.write("pki/root/generate/internal", { common_name: "root", key_type: "ec" });
    await vault.write("pki/roles/payment-service", {
      allowed_domains: ["production.svc"],
      allow_subdomains: true,
      key_type: "ec",
      key_bits: 256,
    });
    const agent = await rendered((injection) =>
      injection.addPkiCertificate("tls.pem", {
        role: "payment-service",
        commonName: "payment-service.production.svc",
        alternativeNames: ["other.production.svc"],
        ttl: Duration.hours(2),
      }),
    );
    const pem = agent.read("tls.pem");
    const [certificate, issuer] = pem.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n/gs)!;
    const leaf = new X509Certificate(certificate);
    expect(leaf.checkPrivateKey(createPrivateKey(pem.slice(pem.search(/-----BEGIN \w* ?PRIVATE KEY/))))).toBe(
      true,
    );
    expect(leaf.verify(new X509Certificate(issuer).publicKey)).toBe(true);
    expect(leaf.subjectAltName).toBe("DNS:other.production.svc, DNS:payment-service.production.svc");
    expect(new Date(leaf.validTo).getTime() - new Date(leaf.validFrom).getTime()).toBeLessThan(
      2.1 * 3600_000,
    );
    expect(await agent.renderOnce()).toBe(0);
    expect(agent.read("tls.pem")).toBe(pem);
  });
});
