import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { Tls } from "../../constructs/server/tls";
import { vaultAt } from "../../constructs/server/vault";
import { CrdDeclaration } from "../../constructs/core/custom-resources";
import { VaultPodMonitor } from "../../constructs/observability/vault-pod-monitor";
import { caFile } from "../../local/certificates";
import { type HttpAnswer, httpRequest } from "../../local/http";
import { vaultPorts } from "../../local/platform";
import { customResource } from "../observability/support/custom-resource";
import { Prometheus } from "../support/servers/prometheus";
import { describeWithPrograms } from "../support/needs";
import { certificate } from "../support/servers/raft-vault";
import { eventually, ports, servers } from "./support";

const targets = vaultPorts(ports).map(({ metrics }) => `127.0.0.1:${metrics}`);

/**
 * Scrape configuration that the Prometheus operator derives from the synthesized PodMonitor. The targets are local
 * servers.
 */
function scrapeConfiguration(ca: string): object {
  const stack = new TerraformStack(Testing.app(), "test");
  new VaultPodMonitor(stack, "Monitor", {
    vault: vaultAt(),
    tls: Tls.certManager({ kind: "ClusterIssuer", name: "ca", type: "ca" }),
    crds: CrdDeclaration.groups("monitoring.coreos.com"),
  });
  const { metadata, spec } = customResource(stack, "PodMonitor");
  const [endpoint] = spec.podMetricsEndpoints;
  const { tlsConfig, followRedirects, path, params, scheme } = endpoint;
  // A further field would be an untested setting.
  expect(Object.keys(endpoint).sort()).toEqual([
    "followRedirects",
    "interval",
    "params",
    "path",
    "port",
    "scheme",
    "scrapeTimeout",
    "tlsConfig",
  ]);
  expect(Object.keys(tlsConfig).sort()).toEqual(["ca", "serverName"]);
  return {
    scrape_configs: [
      {
        scheme,
        params,
        job_name: `${metadata.namespace}/${metadata.name}`,
        metrics_path: path,
        // Shorter than the 30 seconds of the cluster, to keep the test fast.
        scrape_interval: "1s",
        scrape_timeout: "1s",
        follow_redirects: followRedirects,
        tls_config: { server_name: tlsConfig.serverName, ca_file: ca },
        static_configs: [{ targets }],
      },
    ],
  };
}

const folder = mkdtempSync(join(tmpdir(), "metrics-"));
afterAll(() => rmSync(folder, { recursive: true }));

describeWithPrograms("prometheus")("a Prometheus with the settings of the synthesized PodMonitor", () => {
  let prometheus: Prometheus;
  afterEach(() => prometheus?.stop());

  test("scrapes every server, standbys included, over verified TLS and without a token", async () => {
    prometheus = await Prometheus.start(scrapeConfiguration(caFile), []);
    await eventually("three servers are scraped", 60, async () => {
      const up = await prometheus.query("up");
      return up.length === 3 && up.every(({ value }) => value === "1");
    });
    const activity = await prometheus.query("vault_core_active");
    expect(activity.map(({ labels }) => labels.instance).sort()).toEqual([...targets].sort());
    expect(activity.map(({ value }) => value).sort()).toEqual(["0", "0", "1"]);
    const unsealed = await prometheus.query("vault_core_unsealed");
    expect(unsealed.map(({ value }) => value)).toEqual(["1", "1", "1"]);
  });

  test("scrapes nothing if the CA is another one", async () => {
    const stranger = join(folder, "another-ca.crt");
    writeFileSync(stranger, (await certificate()).cert);
    prometheus = await Prometheus.start(scrapeConfiguration(stranger), []);
    await eventually("three servers are refused", 60, async () => {
      const unwell = await prometheus.unwellTargets();
      return (
        unwell.length === 3 &&
        unwell.every((target) => /certificate signed by unknown authority/.test(target))
      );
    });
    expect(await prometheus.query("vault_core_active")).toEqual([]);
  });
});

// Vault cannot disable the API on a listener. A network policy admits only Prometheus to this one.
describe.each(targets.map((target, index) => [target, servers[index]]))(
  "the listener for metrics at %s",
  (target, server) => {
    const ask = (at: string, method: string, path: string): Promise<HttpAnswer> =>
      httpRequest(`${at}/v1/${path}`, { method, tls: { ca: caFile }, timeoutMs: 30_000 });

    test.each([
      ["GET", "secret/data/vault-platform/canary"],
      ["GET", "sys/mounts"],
      ["GET", "sys/storage/raft/configuration"],
      ["POST", "auth/token/create"],
      ["GET", "sys/pprof/cmdline"],
      ["GET", "sys/in-flight-req"],
      ["GET", "sys/health"],
      ["GET", "sys/seal-status"],
      ["GET", "sys/generate-root/attempt"],
    ])(
      "answers all other requests without a token as the API's listener does: %s %s",
      async (method, path) => {
        const here = await ask(`https://${target}`, method, path);
        expect(here.status).toBe((await ask(server, method, path)).status);
        // A standby redirects to the active server, which is also tested.
        if (!/health|seal-status|attempt/.test(path)) expect([307, 400, 403, 404]).toContain(here.status);
      },
    );

    test("serves metrics without a token, which the API's listener refuses", async () => {
      const path = "sys/metrics?format=prometheus";
      expect((await ask(`https://${target}`, "GET", path)).status).toBe(200);
      expect([307, 403]).toContain((await ask(server, "GET", path)).status);
    });

    test("refuses plaintext", async () => {
      const plain = await fetch(`http://${target}/v1/sys/metrics?format=prometheus`);
      expect({ status: plain.status, isMetrics: /vault_core/.test(await plain.text()) }).toEqual({
        status: 400,
        isMetrics: false,
      });
    });
  },
);
