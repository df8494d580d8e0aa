import { describeRule } from "../support/describe-rule";
import { nothing, resource } from "../support/plain";

const role = (body: object) => resource("vault_kubernetes_auth_backend_role", { ...body });

describeRule("token-ttl", {
  compliant: {
    "24 hours": role({ token_max_ttl: 86400 }),
    "an explicit end": role({ token_explicit_max_ttl: 3600 }),
    "a periodic token, which has a rule of its own": role({ token_period: 3600 }),
  },
  violated: {
    "no maximum": [
      role({}),
      "token_max_ttl is not set, so that tokens can be renewed for 768h, Vault's own maximum",
    ],
    zero: [
      role({ token_max_ttl: 0 }),
      "token_max_ttl is not set, so that tokens can be renewed for 768h, Vault's own maximum",
    ],
    "a second more than 24 hours": [role({ token_max_ttl: 86401 }), "tokens can be renewed for 86401s"],
    "another auth method": [
      resource("vault_approle_auth_backend_role", { token_max_ttl: "90000" }),
      "tokens can be renewed for 25h",
    ],
  },
  notApplicable: { "what is no role": nothing },
});

describeRule("periodic-token", {
  compliant: { "a token with an end": role({ token_max_ttl: 3600 }) },
  violated: {
    "a period": [role({ token_period: 5400 }), "tokens are periodic: renewed every 90m, they never end"],
    "a mount": [
      resource("vault_jwt_auth_backend", { token_period: "1h" }),
      "tokens are periodic: renewed every 1h, they never end",
    ],
  },
  notApplicable: { "what gives no tokens": nothing },
});

const database = (body: object) => resource("vault_database_secret_backend_role", { ...body });

describeRule("lease-ttl", {
  compliant: { "24 hours": database({ max_ttl: 86400 }) },
  violated: {
    "no maximum": [
      database({ default_ttl: 3600 }),
      "max_ttl is not set, so that credentials can be renewed for 768h, Vault's own maximum",
    ],
    "two days": [database({ max_ttl: 172800 }), "credentials can be renewed for 48h"],
  },
  notApplicable: { "what is no role": nothing },
});

const pki = (max_ttl?: string) =>
  resource("vault_pki_secret_backend_role", max_ttl === undefined ? {} : { max_ttl });

describeRule("certificate-ttl", {
  compliant: { "90 days": pki("2160h"), "the mount's maximum": pki() },
  violated: {
    "a year": [pki("31536000"), "certificates are valid for up to 8760h"],
    "half an hour more": [pki("2160h30m"), "certificates are valid for up to 129630m"],
    "half an hour more, in milliseconds as Vault reads them too": [
      pki("2160h1800000ms"),
      "certificates are valid for up to 129630m",
    ],
  },
  notApplicable: { "what is no role": nothing },
});
