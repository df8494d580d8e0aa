import { X509Certificate, createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expectAudited } from "./audit-trail";
import { type Session, ask, logInAsService } from "./support";

const ROLE = "pki/issue/payment-service";
const HOST = "payment-service.production.svc";
const DAY_MS = 86_400_000;

interface Issued {
  readonly certificate: string;
  readonly ca_chain: string[];
  readonly private_key: string;
}

let pod: Session;
let root: string;
let issued: Issued;

beforeAll(async () => {
  pod = await logInAsService();
  root = (await ask("GET", "pki-root/ca/pem")).text;
  issued = (await pod.request("POST", ROLE, { common_name: HOST })).data;
});
afterAll(() => pod.end());

test("issues a certificate for one name and its key, for a day and without CA rights", () => {
  const certificate = new X509Certificate(issued.certificate);
  const key = createPrivateKey(issued.private_key);
  expect(certificate.checkPrivateKey(key)).toBe(true);
  expect(key.asymmetricKeyDetails).toMatchObject({ namedCurve: "prime256v1" });
  expect(certificate.subjectAltName).toBe(`DNS:${HOST}`);
  expect(certificate.ca).toBe(false);
  const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
  expect(life / DAY_MS).toBeCloseTo(1, 2);
});

test("returns a chain up to the self-signed root", () => {
  const [leaf, ...chain] = [issued.certificate, ...issued.ca_chain].map((pem) => new X509Certificate(pem));
  expect(chain.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1])).toEqual([
    "Vault platform Issuing CA",
    "Vault platform Root CA",
  ]);
  const top = new X509Certificate(root);
  expect(chain.at(-1)?.fingerprint256).toBe(top.fingerprint256);
  const links = [leaf, ...chain];
  for (const [index, certificate] of links.entries()) {
    const signer = links[index + 1] ?? certificate;
    expect(certificate.checkIssued(signer)).toBe(true);
    expect(certificate.verify(signer.publicKey)).toBe(true);
    expect(signer.ca).toBe(true);
  }
});

test("authenticates server and client to a peer that trusts only the root", async () => {
  const identity = { cert: issued.certificate + "\n" + issued.ca_chain[0], key: issued.private_key };
  const server = createServer({ ...identity, ca: root, requestCert: true, rejectUnauthorized: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const client = connect({ ...identity, ca: root, host: "127.0.0.1", port, servername: HOST });
    const [[atServer]] = await Promise.all([once(server, "secureConnection"), once(client, "secureConnect")]);
    expect({ client: client.authorized, server: atServer.authorized }).toEqual({
      client: true,
      server: true,
    });
    client.destroy();
    // The certificate is rejected for another name.
    const other = connect({ ca: root, host: "127.0.0.1", port, servername: "ledger.production.svc" });
    await expect(once(other, "secureConnect")).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  } finally {
    server.close();
  }
});

test("limits the certificate's TTL to the role's maximum", async () => {
  const { data } = await pod.request("POST", ROLE, { common_name: HOST, ttl: "87600h" });
  const { validFrom, validTo } = new X509Certificate(data.certificate);
  expect(Date.parse(validTo) - Date.parse(validFrom)).toBeLessThan(30.1 * DAY_MS);
});

test.each([
  ["another service's name", { common_name: "ledger.production.svc" }],
  ["the same service's name elsewhere", { common_name: "payment-service.staging.svc" }],
  ["a name below its own", { common_name: `sub.${HOST}` }],
  ["a name that begins with its own", { common_name: `${HOST}.example.com` }],
  ["a wildcard", { common_name: `*.${HOST}` }],
  ["the domain of its name", { common_name: "production.svc" }],
  ["Vault's name", { common_name: "vault.vault.svc" }],
  ["localhost", { common_name: "localhost" }],
  ["another name beside its own", { common_name: HOST, alt_names: "ledger.production.svc" }],
  ["an address beside its own name", { common_name: HOST, ip_sans: "127.0.0.1" }],
  ["a URI beside its own name", { common_name: HOST, uri_sans: "spiffe://production/ledger" }],
  ["a name of another kind", { common_name: HOST, other_sans: "1.2.3.4;UTF8:ledger" }],
])("rejects %s", async (_what, body) => {
  const { status, text } = await ask("POST", ROLE, { token: pod.token, body });
  expect({ status, text }).toEqual({ status: 400, text: expect.stringMatching(/not allowed|restricted/) });
});

test.each([
  ["POST", "pki/sign/payment-service"],
  ["POST", "pki/sign-verbatim/payment-service"],
  ["POST", "pki/issue/other-service"],
  ["POST", "pki-root/issue/payment-service"],
  ["POST", "pki/root/sign-intermediate"],
  ["POST", "pki/roles/payment-service"],
  ["POST", "pki/revoke"],
])("denies the service %s %s", async (method, path) => {
  expect(await pod.status(method, path, { common_name: HOST })).toBe(403);
});

test("records the requests in both audit devices, without the private key", async () => {
  await expectAudited({ "private key": issued.private_key, "Vault token": pod.token });
});
