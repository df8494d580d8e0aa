import { asTerraform, get, inContainer, isReady, logs, pods } from "./support/kubernetes";
import { environment, names } from "./support/platform";
import { run } from "./support/shell";

const servers = Array.from({ length: environment.vault.replicas }, (_, ordinal) => `vault-${ordinal}`);

describe("the servers of the StatefulSet", () => {
  test.each(servers)(
    "runs %s ready, as a user without privileges, on a read-only root filesystem",
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

  test.each(servers)("unseals %s with the KMS key, and binds its volumes", (server) => {
    const status = JSON.parse(inContainer("vault", server, "vault", "vault status -format=json"));
    expect(status).toMatchObject({ initialized: true, sealed: false, recovery_seal: true, type: "awskms" });
    for (const claim of [`data-${server}`, `audit-${server}`]) {
      expect(get("vault", "pvc", claim).status.phase).toBe("Bound");
    }
  });

  test("form one cluster with one active server", () => {
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

  test("completes in one pod and revokes the root token", () => {
    expect(job.status).toMatchObject({ succeeded: 1 });
    const said = logs("vault", job.metadata.name);
    expect(said).toContain("The root token is revoked, and Vault refuses it.");
    expect(said).toContain("Nothing holds root.");
  });

  test("stores each recovery share in a separate Secrets Manager secret", () => {
    const { SecretList: secrets } = JSON.parse(
      run("aws", ["secretsmanager", "list-secrets", "--region", environment.aws.region, "--output", "json"]),
    ) as { SecretList: { Name: string; SecretVersionsToStages?: object }[] };
    for (const [index] of environment.aws.recoveryCustodians.entries()) {
      const container = secrets.find(({ Name }) => Name === names.recoverySecret(index + 1));
      expect(Object.values(container?.SecretVersionsToStages ?? {})).toContainEqual(["AWSCURRENT"]);
    }
  });
});
