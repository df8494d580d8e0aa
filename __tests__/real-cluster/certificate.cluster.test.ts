import { X509Certificate } from "node:crypto";
import { get, kubectl, pods } from "./support/kubernetes";
import { describeUnless } from "../support/needs";
import { hasCertManager } from "./support/platform";
import { eventually, run } from "./support/shell";

const missing = hasCertManager ? undefined : "no cert-manager in this cluster";

describeUnless(missing)("the certificate of Vault's servers", () => {
  const serial = (pem: string) => new X509Certificate(pem).serialNumber;

  test("is presented by every server after its renewal, without a restart", async () => {
    const before = pods("vault", "component=server");
    const old = servedSerial(before[0].metadata.name);
    kubectl("-n", "vault", "delete", "secret", "vault-tls");
    await eventually(120, () => {
      const renewed = Buffer.from(get("vault", "secret", "vault-tls").data["tls.crt"], "base64").toString();
      expect(serial(renewed)).not.toBe(old);
    });
    await eventually(240, () => {
      for (const { metadata } of before) expect(servedSerial(metadata.name)).not.toBe(old);
    });
    const restarts = pods("vault", "component=server").map(({ metadata }) => metadata.uid);
    expect(restarts).toEqual(before.map(({ metadata }) => metadata.uid));
  });
});

/** Serial number of the certificate that a server presents, regardless of its files. */
function servedSerial(server: string): string {
  const { status } = get("vault", "pod", server);
  const script = `require("node:tls").connect({ host: "${status.podIP}", port: 8200, rejectUnauthorized: false }, function () {
    process.stdout.write(this.getPeerCertificate().serialNumber); this.end(); });`;
  return run(process.execPath, ["-e", script]);
}
