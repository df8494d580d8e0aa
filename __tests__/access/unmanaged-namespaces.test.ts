import { findUnmanaged } from "../../access/unmanaged";
import { renderUnmanaged } from "../../access/render-unmanaged";
import { VaultClient } from "../../access/vault-client";
import { HttpServer } from "../support/servers/http";
import { platform } from "./support/platform";
import { threeOf } from "./support/three-apps";

describe("unmanaged objects in namespaces", () => {
  let server: HttpServer;
  /** Responses of a Vault with an additional policy in one namespace, and with an additional namespace. */
  const answers: Readonly<Record<string, object>> = {
    "/v1/sys/policies/acl?list=true": { keys: ["app", "default"] },
    "teams/books/v1/sys/policies/acl?list=true": { keys: ["app", "hand"] },
    "/v1/sys/namespaces?list=true": { keys: ["teams/"] },
    "teams/v1/sys/namespaces?list=true": { keys: ["payments/", "books/", "byhand/"] },
    "teams/payments/v1/identity/entity/name?list=true": { keys: ["entity_0a1b2c3d.aB3xY"] },
  };
  beforeAll(async () => {
    server = await HttpServer.start(({ url, headers }) => {
      const namespace = String(headers["x-vault-namespace"] ?? "");
      if (namespace === "teams/payments" && url === "/v1/sys/mounts") return { status: 403 };
      const data = answers[namespace + url];
      return data ? { body: { data } } : { status: 404 };
    });
  });
  afterAll(() => server.stop());

  const look = async (own?: string) => {
    const env = { VAULT_ADDR: server.url, VAULT_TOKEN: "t", VAULT_NAMESPACE: own };
    const client = VaultClient.fromEnvironment(env);
    try {
      return await findUnmanaged(platform(threeOf()), client, own);
    } finally {
      client.close();
    }
  };

  it("finds objects in each namespace of the code, and names the namespace", async () => {
    const report = await look();

    expect(report.strays).toEqual([
      { kind: "namespace", name: "byhand", namespace: "teams", what: "not looked into" },
      { kind: "policy", name: "hand", namespace: "teams/books", what: "vault policy read shows it" },
    ]);
    expect(report.denied).toEqual(["teams/payments/sys/mounts"]);
    for (const format of ["table", "markdown"] as const)
      expect(renderUnmanaged(report, format)).toContain("hand in teams/books");
  });

  it("searches only from the namespace of the login", async () => {
    const report = await look("teams/books");

    expect(report.strays.map(({ name }) => name)).toEqual(["hand"]);
  });
});
