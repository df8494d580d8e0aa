import { Client } from "pg";
import { readFileSync } from "node:fs";
import { attempt, eventually } from "./support/shell";
import { get, inContainer, isReady, kubectl, pods } from "./support/kubernetes";
import { describeUnless } from "../support/needs";
import { environment, hasInjector, service } from "./support/platform";

const { namespace, name } = service;
const selector = `app=${name}`;
const files = () => {
  const [pod] = pods(namespace, selector).filter(isReady);
  const read = (file: string) =>
    inContainer(namespace, pod.metadata.name, name, `cat /vault/secrets/${file}`);
  const variables = (text: string) =>
    Object.fromEntries([...text.matchAll(/^export (\w+)="(.*)"$/gm)].map(([, key, value]) => [key, value]));
  return { pod, config: variables(read("config")), db: variables(read("db")) };
};

const missing = hasInjector ? undefined : "no image of the injector";

describeUnless(missing)("the Deployment with injected secrets", () => {
  test("is rolled out, and its container has no ServiceAccount token", () => {
    kubectl("-n", namespace, "rollout", "status", `deployment/${name}`, "--timeout=300s");
    const { pod } = files();
    const { code } = attempt("kubectl", [
      ...["-n", namespace, "exec", pod.metadata.name, "-c", name, "--"],
      ...["ls", "/var/run/secrets/kubernetes.io/serviceaccount", "/var/run/secrets/vault"],
    ]);
    expect(code).not.toBe(0);
    expect(get(namespace, "pod", pod.metadata.name).spec.automountServiceAccountToken).toBe(false);
  });

  test("gets two files, and the program starts with their values", () => {
    const { pod, config, db } = files();
    expect(config).toEqual({ STRIPE_API_KEY: "from-the-test", WEBHOOK_SECRET: "from-the-test-too" });
    expect(Object.keys(db)).toEqual(["DB_USERNAME", "DB_PASSWORD"]);
    const environ = "tr '\\0' '\\n' < /proc/$(pidof payment-service)/environ";
    const started = inContainer(namespace, pod.metadata.name, name, environ);
    expect(started).toContain("STRIPE_API_KEY=from-the-test\n");
    expect(started).toContain(`DB_USERNAME=${db.DB_USERNAME}\n`);
  });

  test("gets a working database login that expires", async () => {
    const { db } = files();
    const [{ host, port, database }] = environment.databases;
    const ca = process.env.CLUSTER_DATABASE_CA;
    if (!ca) throw new Error("CLUSTER_DATABASE_CA names no file with the CA of the database");
    const client = new Client({
      ...{ host: process.env.CLUSTER_DATABASE_HOST ?? host, port, database },
      ...{ user: db.DB_USERNAME, password: db.DB_PASSWORD },
      ssl: { ca: readFileSync(ca), servername: host },
    });
    await client.connect();
    try {
      const { rows } = await client.query(
        "SELECT current_user AS name, (SELECT rolvaliduntil FROM pg_roles WHERE rolname = current_user) AS ends",
      );
      expect(rows[0].name).toBe(db.DB_USERNAME);
      expect(rows[0].ends.getTime()).toBeGreaterThan(Date.now());
      await client.query("INSERT INTO payments (reference, cents) VALUES ('real-cluster', 1)");
    } finally {
      await client.end();
    }
  });

  test("writes to its database from the pod, through the network policies", () => {
    const { pod } = files();
    const [{ host, port, database }] = environment.databases;
    const connection =
      `host=${host} port=${port} dbname=${database} connect_timeout=10 ` +
      "sslmode=verify-full sslrootcert=/etc/ssl/certs/ca-certificates.crt";
    const script = [
      ". /vault/secrets/db",
      'export PGUSER="$DB_USERNAME" PGPASSWORD="$DB_PASSWORD" HOME=/tmp',
      `psql -X -A -t -q "${connection}" -c "INSERT INTO payments (reference, cents) VALUES ('pod', 2) RETURNING cents"`,
    ].join("\n");
    expect(inContainer(namespace, pod.metadata.name, name, script).trim()).toBe("2");
  });

  test("gets other database credentials in the pod after a deletion", async () => {
    const before = files();
    kubectl("-n", namespace, "delete", "pod", before.pod.metadata.name);
    const after = await eventually(180, () => {
      const now = files();
      expect(now.pod.metadata.name).not.toBe(before.pod.metadata.name);
      return now;
    });
    expect(after.db.DB_USERNAME).not.toBe(before.db.DB_USERNAME);
    expect(after.config).toEqual(before.config);
  });
});
