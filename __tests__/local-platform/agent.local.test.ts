import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { caFile } from "../../local/certificates";
import { withDatabase } from "../../local/postgres";
import type { Event } from "./application";
import { InjectedPod } from "./injected-pod";
import { SecretWriter, type Session, database, eventually, logInAsTerraform, ports } from "./support";

/** Templates as printed in the article. */
const ARTICLE = {
  "article-config": `{{- with secret "secret/data/payment-service/config" -}}
export STRIPE_API_KEY="{{ .Data.data.stripe_api_key }}"
export WEBHOOK_SECRET="{{ .Data.data.webhook_secret }}"
{{- end }}
`,
  "article-db": `{{- with secret "database/creds/payment-service-role" -}}
export DB_USERNAME="{{ .Data.username }}"
export DB_PASSWORD="{{ .Data.password }}"
{{- end }}
`,
};

const ROLE = "database/roles/payment-service-role";
const CREDENTIALS = "database/creds/payment-service-role";
/**
 * TTL and maximum TTL of the credentials in the second half of these tests, in seconds. An agent renews a lease after
 * two thirds of its remaining TTL. It stops when less than a tenth to a fifth of the first TTL remains. With these
 * values that is six seconds before expiry: enough time to restart an application on a busy machine.
 */
const TTL = { default_ttl: 60, max_ttl: 93 };

let terraform: Session;
let writer: SecretWriter;
let putBack: () => Promise<void>;
const pods: InjectedPod[] = [];

beforeAll(async () => {
  terraform = await logInAsTerraform();
  writer = await SecretWriter.arrive();
  putBack = await writer.replace("payment-service/config", {
    stripe_api_key: "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    webhook_secret: "whsec_9-x/Y+z=",
  });
});
afterAll(async () => {
  await putBack();
  await writer.leave();
});
afterEach(async () => {
  for (const pod of pods.splice(0)) await pod.end();
});

async function newPod(): Promise<InjectedPod> {
  pods.push(await InjectedPod.schedule("payment-service"));
  return pods.at(-1)!;
}

/** Existing leases of the database role. */
async function leases(): Promise<Set<string>> {
  const list = await terraform.request("LIST", `sys/leases/lookup/${CREDENTIALS}`).catch(() => undefined);
  return new Set(list?.data.keys);
}

function credentialsIn(file: string): { user: string; password: string } {
  const [, user, password] = /DB_USERNAME="(.*)"\nexport DB_PASSWORD="(.*)"\n/.exec(file)!;
  return { user, password };
}

function connects({ user, password }: { user: string; password: string }): Promise<unknown> {
  const login = { port: ports.postgres, database: database.database, user, password };
  return withDatabase(login, (client) => client.query("SELECT 1"));
}

test("renders both files exactly as the article's templates, with credentials that open the database", async () => {
  const pod = await newPod();
  Object.assign(pod.moreTemplates, ARTICLE);
  await pod.start();
  expect(pod.read("config")).toBe(
    'export STRIPE_API_KEY="sk_live_4eC39HqLyjWDarjtT1zdp7dc"\nexport WEBHOOK_SECRET="whsec_9-x/Y+z="\n',
  );
  expect(pod.read("config")).toBe(pod.read("article-config"));
  expect(pod.read("db")).toBe(pod.read("article-db"));
  await connects(credentialsIn(pod.read("db")));
});

test("writes the service's certificate, its issuer and its key to one file", async () => {
  const pod = await newPod();
  await pod.start();
  const pem = pod.read("certificate");
  const [leaf, issuer] = pem.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n/gs)!;
  const certificate = new X509Certificate(leaf);
  expect(certificate.subjectAltName).toBe("DNS:payment-service.production.svc");
  expect(certificate.verify(new X509Certificate(issuer).publicKey)).toBe(true);
  const key = createPrivateKey(pem.slice(pem.search(/-----BEGIN \w* ?PRIVATE KEY/)));
  expect(certificate.checkPrivateKey(key)).toBe(true);
});

describe(`with credentials of ${TTL.default_ttl} s, and ${TTL.max_ttl} s at most`, () => {
  let before: Record<string, unknown>;

  beforeAll(async () => {
    before = (await terraform.request("GET", ROLE)).data;
    await terraform.request("POST", ROLE, { ...before, ...TTL });
  });
  afterAll(async () => {
    await terraform.request("POST", ROLE, before);
  });

  test("takes credentials once per pod, and renews them before they expire", async () => {
    const others = await leases();
    const pod = await newPod();
    await pod.start();
    const [lease, ...more] = [...(await leases())].filter((it) => !others.has(it));
    const credentials = credentialsIn(pod.read("db"));

    const lookUp = async () => {
      const body = { lease_id: `${CREDENTIALS}/${lease}` };
      return (await terraform.request("POST", "sys/leases/lookup", body)).data;
    };
    const firstEnd = Date.parse((await lookUp()).issue_time) + TTL.default_ttl * 1000;
    await eventually("the lease is renewed", TTL.default_ttl, async () => {
      const { last_renewal: renewed, expire_time: end } = await lookUp();
      return Date.parse(renewed) < firstEnd && Date.parse(end) > firstEnd + 1000;
    });
    await eventually("the first end", TTL.default_ttl, async () => Date.now() > firstEnd + 1000);
    await connects(credentials);
    expect(credentialsIn(pod.read("db"))).toEqual(credentials);
    expect(more).toEqual([]);
  }, 200_000);

  test("restarts an application with new credentials before the maximum TTL", async () => {
    const pod = await newPod();
    const log = join(pod.folder, "events");
    writeFileSync(log, "");
    await pod.start();
    pod.startApplication(join(__dirname, "application.ts"), {
      DB_PORT: String(ports.postgres),
      DB_NAME: database.database,
      CA_FILE: caFile,
      LOG: log,
    });
    const events = () => readFileSync(log, "utf8").split("\n").slice(0, -1).map(parseEvent);
    const starts = () => events().filter(({ event }) => event === "started");
    await eventually("two more starts", 3 * TTL.max_ttl + 30, async () => starts().length >= 3);
    const all = events();
    expect(all.filter(({ event }) => event === "failed")).toEqual([]);
    expect(all.map(({ event }) => event)).toEqual(["started", "ended", "started", "ended", "started"]);
    expect(new Set(all.map(({ user }) => user)).size).toBe(3);
    expect(all.at(-1)!.at - all[0].at).toBeGreaterThan(1.5 * TTL.max_ttl * 1000);
    await expect(connects({ user: all[0].user, password: "none" })).rejects.toMatchObject({ code: "28P01" });
    expect(await users(all.map(({ user }) => user))).toEqual([all.at(-1)!.user]);
  }, 400_000);

  function parseEvent(line: string): Event {
    return JSON.parse(line);
  }

  /** Names of the database users that remain after Vault had time to drop the others. */
  async function users(names: string[]): Promise<string[]> {
    let left: string[] = [];
    await eventually("users of ended leases are dropped", 20, async () => {
      const query = "SELECT rolname FROM pg_roles WHERE rolname = ANY($1)";
      const login = { port: ports.postgres, database: database.database };
      const { rows } = await withDatabase(login, (client) => client.query(query, [names]));
      left = rows.map(({ rolname }) => rolname);
      return left.length === 1;
    });
    return left;
  }
});
