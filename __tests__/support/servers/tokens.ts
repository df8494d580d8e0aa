import { createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import type { Pem } from "../certificate";
import { type HttpRequest, HttpServer } from "./http";

type Claims = Record<string, unknown>;

/** Issuer that signs identity tokens and publishes its keys, like GitHub and Kubernetes. */
export class TokenIssuer {
  static async start(): Promise<TokenIssuer> {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const issuer = new TokenIssuer(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }];
    issuer.server = await HttpServer.start(({ url }) => ({
      headers: { "Content-Type": "application/json" },
      body:
        url === "/keys"
          ? { keys }
          : url === "/token"
            ? { access_token: "x", token_type: "Bearer", id_token: issuer.sign(issuer.person) }
            : {
                issuer: issuer.url,
                jwks_uri: `${issuer.url}/keys`,
                authorization_endpoint: `${issuer.url}/authorize`,
                token_endpoint: `${issuer.url}/token`,
                id_token_signing_alg_values_supported: ["RS256"],
                response_types_supported: ["code"],
                subject_types_supported: ["public"],
              },
    }));
    return issuer;
  }

  /** Claims of the next user to log in with the browser. */
  person: Claims = {};
  private server!: HttpServer;

  private constructor(private readonly privateKey: string) {}

  get url(): string {
    return this.server.url;
  }

  /** Signs a token that expires after ten minutes. `claims` overrides the issuer and the times. */
  sign(claims: Claims): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const times = { iss: this.url, iat: now, nbf: now, exp: now + 600, jti: randomUUID() };
    const text = `${part({ alg: "RS256", kid: "1" })}.${part({ ...times, ...claims })}`;
    return `${text}.${createSign("RSA-SHA256").update(text).sign(this.privateKey, "base64url")}`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** Stand-in for the TokenReview API of Kubernetes. It trusts the claims of a token without verifying it. */
export class TokenReviewer {
  static async start(tls: Pem): Promise<TokenReviewer> {
    const answer = ({ body }: HttpRequest) => {
      const { spec } = JSON.parse(body);
      const claims = JSON.parse(Buffer.from(spec.token.split(".")[1], "base64url").toString());
      const account = claims["kubernetes.io"];
      const username = `system:serviceaccount:${account.namespace}:${account.serviceaccount.name}`;
      return {
        status: 201,
        headers: { "Content-Type": "application/json" },
        body: {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenReview",
          status: {
            authenticated: true,
            user: { username, uid: account.serviceaccount.uid, groups: ["system:serviceaccounts"] },
            audiences: spec.audiences,
          },
        },
      };
    };
    return new TokenReviewer(await HttpServer.start(answer, { tls }));
  }

  private constructor(private readonly server: HttpServer) {}

  get url(): string {
    return `https://localhost:${this.server.port}`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** Claims of a pod's projected ServiceAccount token. */
export function serviceAccountClaims(namespace: string, name: string, audience = "vault"): Claims {
  return {
    aud: [audience],
    sub: `system:serviceaccount:${namespace}:${name}`,
    "kubernetes.io": { namespace, serviceaccount: { name, uid: "5a9ee8f4-6c1c-4a55-9b63-000000000001" } },
  };
}
