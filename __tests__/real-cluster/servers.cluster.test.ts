import { asTerraform, get, inContainer, isReady, logs, pods } from "./support/kubernetes";
import { environment, names } from "./support/platform";
import { run } from "./support/shell";

const servers = Array.from({ length: environment.vault.replicas }, (_, ordinal) => `vault-${ordinal}`);

describe("the servers of the StatefulSet", () => {
  test.each(servers)(
    "%s is ready, and nobody's root in a root filesystem that nobody writes to",
    (server) => {
      const pod = get("vault", "pod", server);
      expect(isReady(pod)).toBe(true);
      expect(pod.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 100,
        seccompProfile: { type: "RuntimeDefault" },
      });
      // Checks the restrictions that the kernel enforces, not the requested ones.
      const [user, capabilities, seccomp, privileges] = inContainer(
        "vault",
        server,
        "vault",
        "id -u; sed -n 's/^\\(CapEff\\|CapBnd\\|Seccomp\\|NoNewPrivs\\):\\t*//p' /proc/self/status | sort -u | tr '\\n' ' '",
      )
        .trim()
        .split(/\s+/);
      expect(user).toBe("100");
      expect([capabilities, seccomp, privileges]).toEqual(["0000000000000000", "1", "2"]);
      const writing = "touch /written 2>&1 || true; touch /vault/config/written 2>&1 || true";
      expect(inContainer("vault", server, "vault", writing).match(/Read-only file system/g)).toHaveLength(2);
    },
  );

  test.each(servers)("%s is unsealed by the KMS key and keeps its data on a volume of its own", (server) => {
    const status = JSON.parse(inContainer("vault", server, "vault", "vault status -format=json"));
    expect(status).toMatchObject({ initialized: true, sealed: false, recovery_seal: true, type: "awskms" });
    for (const claim of [`data-${server}`, `audit-${server}`]) {
      expect(get("vault", "pvc", claim).status.phase).toBe("Bound");
    }
  });

  test("they are one cluster, with one of them active", () => {
    const members = JSON.parse(asTerraform("vault read -format=json sys/ha-status")).data.nodes as {
      hostname: string;
      active_node: boolean;
    }[];
    expect(members.map(({ hostname }) => hostname).sort()).toEqual(servers);
    expect(members.filter((it) => it.active_node)).toHaveLength(1);
    expect(pods("vault", "component=server,vault-active=true")).toHaveLength(1);
  });
});

describe("the bootstrap", () => {
  const [job] = get("vault", "jobs", "-l", "app.kubernetes.io/component=bootstrap").items;

  test("has completed in one pod, and Vault refuses the root token", () => {
    expect(job.status).toMatchObject({ succeeded: 1 });
    const said = logs("vault", job.metadata.name);
    expect(said).toContain("The root token is revoked, and Vault refuses it.");
    expect(said).toContain("Nothing holds root.");
  });

  test("has put each recovery share into a container of its own", () => {
    const { SecretList: secrets } = JSON.parse(
      run("aws", ["secretsmanager", "list-secrets", "--region", environment.aws.region, "--output", "json"]),
    ) as { SecretList: { Name: string; SecretVersionsToStages?: object }[] };
    for (const [index] of environment.aws.recoveryCustodians.entries()) {
      const container = secrets.find(({ Name }) => Name === names.recoverySecret(index + 1));
      expect(Object.values(container?.SecretVersionsToStages ?? {})).toContainEqual(["AWSCURRENT"]);
    }
  });
});
