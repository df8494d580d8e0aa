import { VaultApi } from "../../../local/applier/vault-api";
import { type HttpRequest, HttpServer } from "../../support/servers/http";

let server: HttpServer;
const asked: HttpRequest[] = [];
let answers: [status: number, body: unknown][] = [];

beforeAll(async () => {
  server = await HttpServer.start((request) => {
    asked.push(request);
    const [status, body] = answers.shift()!;
    return { status, body };
  });
});
afterAll(() => server.stop());
beforeEach(() => asked.splice(0));

function api(...next: typeof answers): VaultApi {
  answers = next;
  return new VaultApi({ address: server.url, secrets: ["s3cret"] });
}

test("sends the login's token with every later request", async () => {
  const vault = api([200, { auth: { client_token: "hvs.1" } }], [200, { data: { a: 1 } }], [204, ""]);
  await vault.logIn("auth/terraform/login", { role: "deploy", jwt: "j.w.t" });
  expect(await vault.read("sys/mounts")).toEqual({ a: 1 });
  expect(await vault.write("sys/x", { b: 2 })).toEqual({});
  expect(asked.map(({ method, url, body }) => [method, url, body])).toEqual([
    ["POST", "/v1/auth/terraform/login", '{"role":"deploy","jwt":"j.w.t"}'],
    ["GET", "/v1/sys/mounts", ""],
    ["POST", "/v1/sys/x", '{"b":2}'],
  ]);
  expect(asked.map(({ headers }) => headers["x-vault-token"])).toEqual([undefined, "hvs.1", "hvs.1"]);
});

test("returns undefined for a path that Vault does not find", async () => {
  expect(await api([404, { errors: [] }]).read("sys/policies/acl/x")).toBeUndefined();
});

test("prints Vault's errors without secret variables and tokens", async () => {
  const vault = api(
    [200, { auth: { client_token: "hvs.1" } }],
    [400, { errors: ["s3cret is wrong", "so are hvs.1 and j.w.t"] }],
  );
  await vault.logIn("auth/terraform/login", { role: "deploy", jwt: "j.w.t" });
  await expect(vault.write("database/config/x", {})).rejects.toThrow(
    "Vault refused POST database/config/x with 400: (secret) is wrong; so are (secret) and (secret)",
  );
});

test("prints an error that is not JSON unchanged", async () => {
  await expect(api([502, "no gateway"]).read("x")).rejects.toThrow(
    "Vault refused GET x with 502: no gateway",
  );
  await expect(api([403, ""]).read("x")).rejects.toThrow("Vault refused GET x with 403: nothing");
});

test("waits for a key-value mount that is being upgraded", async () => {
  const upgrading = {
    errors: ["Upgrading from non-versioned to versioned data. This backend will be unavailable"],
  };
  expect(
    await api([400, upgrading], [400, upgrading], [200, { data: { a: 1 } }]).read("secret/config"),
  ).toEqual({
    a: 1,
  });
  expect(asked).toHaveLength(3);
});

test("rejects a warning of ignored parameters, and accepts other warnings", async () => {
  const ignored = "Endpoint ignored these unrecognized parameters: [foo]";
  await expect(api([200, { warnings: ["TTL is long", ignored] }]).write("x", {})).rejects.toThrow(
    `Vault took POST x only in part: ${ignored}`,
  );
  expect(await api([200, { warnings: ["TTL is long"], data: { a: 1 } }]).write("x", {})).toEqual({ a: 1 });
});

test("names a Vault that it cannot reach", async () => {
  await expect(new VaultApi({ address: "http://127.0.0.1:1" }).read("sys/mounts")).rejects.toThrow(
    "Vault cannot be reached for GET http://127.0.0.1:1/v1/sys/mounts: ECONNREFUSED",
  );
});
