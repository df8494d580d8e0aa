import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Seal } from "../../constructs/server/seal";
import {
  type ServerConfigurationProps,
  renderServerConfiguration,
} from "../../constructs/server/server-configuration";
import { describeWithPrograms, programPath } from "../support/needs";

const props: ServerConfigurationProps = {
  clusterName: "vault",
  certificate: {
    certFile: "/vault/tls/tls.crt",
    keyFile: "/vault/tls/tls.key",
    caFile: "/vault/tls/ca.crt",
  },
  tlsMinVersion: "1.3",
  mutualTls: false,
  seal: Seal.awsKms({ keyId: "alias/vault-unseal-key", region: "us-east-1" }).configuration.stanza,
  joinAddresses: [0, 1, 2].map((ordinal) => `https://vault-${ordinal}.vault-internal:8200`),
};

test("renders the whole configuration of a server in the cluster", () => {
  expect(renderServerConfiguration(props)).toBe(`ui            = true
cluster_name  = "vault"
disable_mlock = true
listener "tcp" {
  address                  = "[::]:8200"
  cluster_address          = "[::]:8201"
  tls_cert_file            = "/vault/tls/tls.crt"
  tls_key_file             = "/vault/tls/tls.key"
  tls_min_version          = "tls13"
  tls_disable_client_certs = true
}
listener "tcp" {
  address                  = "[::]:8210"
  tls_cert_file            = "/vault/tls/tls.crt"
  tls_key_file             = "/vault/tls/tls.key"
  tls_min_version          = "tls13"
  tls_disable_client_certs = true
  telemetry {
    unauthenticated_metrics_access = true
  }
}
storage "raft" {
  path                   = "/vault/data"
  performance_multiplier = 1
  retry_join {
    leader_api_addr     = "https://vault-0.vault-internal:8200"
    leader_ca_cert_file = "/vault/tls/ca.crt"
  }
  retry_join {
    leader_api_addr     = "https://vault-1.vault-internal:8200"
    leader_ca_cert_file = "/vault/tls/ca.crt"
  }
  retry_join {
    leader_api_addr     = "https://vault-2.vault-internal:8200"
    leader_ca_cert_file = "/vault/tls/ca.crt"
  }
}
seal "awskms" {
  region     = "us-east-1"
  kms_key_id = "alias/vault-unseal-key"
}
service_registration "kubernetes" {
}
telemetry {
  prometheus_retention_time = "24h"
  disable_hostname          = true
}
`);
});

test("requires client certificates on both listeners with mutual TLS, and joins with one", () => {
  const text = renderServerConfiguration({ ...props, mutualTls: true });
  expect(text.match(/tls_require_and_verify_client_cert = true/g)).toHaveLength(2);
  expect(text.match(/tls_client_ca_file +=/g)).toHaveLength(2);
  expect(text.match(/leader_client_cert_file = "\/vault\/tls\/tls.crt"/g)).toHaveLength(3);
  expect(text.match(/leader_client_key_file +=/g)).toHaveLength(3);
  expect(text).not.toContain("tls_disable_client_certs");
});

test("renders custom addresses and paths, and no service registration, outside Kubernetes", () => {
  const text = renderServerConfiguration({
    ...props,
    kubernetesRegistration: false,
    dataPath: "/data",
    listen: { api: "127.0.0.1:1", cluster: "127.0.0.1:2", metrics: "127.0.0.1:3" },
    extra: [["api_addr", "https://127.0.0.1:1"]],
  });
  expect(text).not.toContain("service_registration");
  for (const part of ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", '"/data"', "api_addr"]) {
    expect(text).toContain(part);
  }
});

describeWithPrograms("vault", "openssl")("the rendered configuration in a real Vault", () => {
  const folder = mkdtempSync(join(tmpdir(), "vault-configuration-"));
  const file = (name: string) => join(folder, name);
  const certificate = (name: string, ...rest: string[]) => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "90"];
    const output = ["-keyout", file(`${name}.key`), "-out", file(`${name}.crt`), "-subj", `/CN=${name}`];
    execFileSync(programPath("openssl"), ["req", "-x509", ...key, ...output, ...rest], { stdio: "ignore" });
  };
  beforeAll(() => {
    certificate("ca");
    const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const leaf = ["-addext", "basicConstraints=CA:FALSE", ...names];
    certificate("tls", "-CA", file("ca.crt"), "-CAkey", file("ca.key"), ...leaf);
    mkdirSync(file("data"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const token = { secretName: "s", key: "t" };
  const seals: Record<string, Seal> = {
    awskms: Seal.awsKms({ keyId: "alias/k", region: "us-east-1", endpoint: "http://127.0.0.1:1" }),
    gcpckms: Seal.gcpCkms({
      project: "p",
      location: "l",
      keyRing: "r",
      cryptoKey: "k",
      serviceAccount: "a@p.iam.gserviceaccount.com",
    }),
    azurekeyvault: Seal.azureKeyVault({ tenantId: "t", clientId: "c", vaultName: "v", keyName: "k" }),
    transit: Seal.transit({ address: "https://127.0.0.1:1", keyName: "k", token }),
    shamir: Seal.shamir(),
  };
  // The clients of Azure and transit retry for seconds if the service is unreachable, so each is tested once.
  const once = ["azurekeyvault", "transit"];
  const cases = Object.keys(seals).flatMap((seal) => [
    ...(once.includes(seal) ? [] : [{ seal, mutualTls: false }]),
    { seal, mutualTls: true },
  ]);

  test.each(cases)(
    "is accepted with seal $seal, mutual TLS $mutualTls",
    ({ seal, mutualTls }) => {
      const configuration = renderServerConfiguration({
        ...props,
        certificate: { certFile: file("tls.crt"), keyFile: file("tls.key"), caFile: file("ca.crt") },
        mutualTls,
        dataPath: file("data"),
        listen: { api: "127.0.0.1:18311", cluster: "127.0.0.1:18312", metrics: "127.0.0.1:18313" },
        kubernetesRegistration: false,
        extra: [
          ["api_addr", "https://127.0.0.1:18311"],
          ["cluster_addr", "https://127.0.0.1:18312"],
        ],
        seal: seals[seal].configuration.stanza,
      });
      writeFileSync(file("server.hcl"), configuration);
      const { stdout } = spawnSync(
        programPath("vault"),
        ["operator", "diagnose", "-format=json", "-config", file("server.hcl")],
        { encoding: "utf8", timeout: 60_000 },
      );
      const diagnosis = JSON.parse(stdout) as Diagnosis;
      // Unknown keys would produce warnings.
      expect(step(diagnosis, "Parse Configuration")).toEqual({ status: "ok", warnings: [] });
      expect(step(diagnosis, "Check Listener TLS").status).not.toBe("fail");
      expect(step(diagnosis, "Create Storage Backend").status).toBe("ok");
    },
    60_000,
  );

  interface Diagnosis {
    readonly name: string;
    readonly status: string;
    readonly warnings?: string[];
    readonly children?: Diagnosis[];
  }

  function step(root: Diagnosis, name: string): { status: string; warnings: string[] } {
    const all = (node: Diagnosis): Diagnosis[] => [node, ...(node.children ?? []).flatMap(all)];
    const { status, warnings = [] } = all(root).find((node) => node.name === name)!;
    return { status, warnings };
  }
});
