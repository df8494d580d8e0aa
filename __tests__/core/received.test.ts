import { Fn, Token } from "cdktf";
import { Duration } from "../../constructs/core/duration";
import { hideSecrets, received } from "../../constructs/core/received";

const digest = "0123456789abcdef".repeat(4);

test.each<[unknown, string]>([
  [undefined, "nothing"],
  [null, "null"],
  [0, "0"],
  [NaN, "NaN"],
  [true, "true"],
  [() => 1, "a function"],
  ["", '""'],
  [" us-east-1", '" us-east-1"'],
  ['a "quoted" text', '"a \\"quoted\\" text"'],
  [Duration.hours(1), "1h"],
  [["a", 1, { ttl: Duration.hours(2) }], '["a",1,{"ttl":"2h"}]'],
  [new Map(), "a Map"],
])("shows %p as %s", (value, text) => {
  expect(received(value)).toBe(text);
});

test.each([
  "0 2 * * 7",
  "10.10.0.1/20",
  "secret/data/payment-service/*",
  "https://keycloak.identity.svc:8443/realms/main",
  "https://[2001:db8::10]:8200",
  "https://login.example.com/.well-known/openid-configuration",
  "arn:aws:iam::111111111111:role/vault-break-glass",
  "arn:aws:iam::111111111111:user/ann@example.com",
  "ghcr.io/MyOrg/Payment-Service:v1.2.3",
  "registry.example.com:5000/payments:v1",
  "payments-platform-qa",
  "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE",
])("shows the harmless text %s in full", (text) => {
  expect(received(text)).toBe(JSON.stringify(text));
});

const SECRET = "Planted1";
test.each([
  `https://splunk.example.com/?token=${SECRET}`,
  `https://splunk.example.com/services/collector?${SECRET}`,
  `https://app:${SECRET}@host.example.com`,
  `https://${SECRET}@github.com/example/x.git`,
  `https://vault.example.com/#access_token=${SECRET}`,
  `https://vault.example.com/#${SECRET}`,
  `https://hooks.slack.com/services/T000/B000/${SECRET}`,
  `https://example.webhook.office.com/webhookb2/${SECRET}`,
  `https://discord.com/api/webhooks/1/${SECRET}`,
  `app:${SECRET}@host`,
  `app:pa@${SECRET}@host`,
  `:${SECRET}@cache.example.com`,
  `u:${SECRET}@registry/x:v1`,
  `u:${SECRET}@registry/x:v1@sha256:${digest}`,
  `payments?password=${SECRET}`,
  `jdbc:postgresql://db.example.com/payments?user=app&password=${SECRET}`,
  `jdbc:sqlserver://db.example.com;user=app;password=${SECRET}`,
  `postgres://app:a/${SECRET}@db.example.com/payments`,
  `host=db user=app password=${SECRET}`,
  `Server=db;Pwd=${SECRET};`,
  `DefaultEndpointsProtocol=https;AccountKey=${SECRET}`,
  `PGPASSWORD=${SECRET}`,
  `Authorization: Bearer ${SECRET}`,
  `Bearer ${SECRET}`,
  `X-Api-Key: ${SECRET} and more`,
  `{"clientSecret": "${SECRET}"}`,
  `/app --password ${SECRET}`,
  `/app --db-token=${SECRET}`,
  `mysql -p${SECRET}`,
  `-----BEGIN PRIVATE KEY----- ${SECRET}`,
  `-----BEGIN CERTIFICATE-----\n${SECRET}\n-----END CERTIFICATE-----`,
  `some text\n${SECRET}`,
  `${"long ".repeat(50)}${SECRET}`,
  `ghp_${SECRET}00000000000000000`,
  `glpat-${SECRET}0000000`,
  `npm_${SECRET}0000000`,
  `AIza${SECRET}0000000`,
  `sk_live_${SECRET}0000000`,
  `eyJhbGciOiJIUzI1NiJ9.${SECRET}.c2ln`,
  `kX9${SECRET}Qm7Zr2Lw`,
])("leaves the secret out of %j, also inside an object", (text) => {
  expect(received(text)).not.toContain(SECRET);
  expect(received([text])).not.toContain(SECRET);
  expect(received({ a: { b: [text] }, c: 1 })).not.toContain(SECRET);
  expect(received({ [text]: 1 })).not.toContain(SECRET);
});

test.each([
  "password",
  "db.adminPassword",
  "siem.credentials",
  "licence",
  "WEBHOOK_SECRET",
  "STRIPE_SECRET_KEY",
  "DB_PASS",
])("does not show the value of the field %s", (field) => {
  expect(received(SECRET, field)).toBe("a value that may be a secret (not shown)");
  expect(received({ [field]: SECRET })).not.toContain(SECRET);
});

test("does not show the argument after a flag that takes a secret", () => {
  expect(received(["/app", "-p", SECRET, "--api-key", SECRET, "--verbose"])).toBe(
    '["/app","-p","(not shown)","--api-key","(not shown)","--verbose"]',
  );
});

test("keeps host, port and path of a URL", () => {
  expect(received(`https://app:${SECRET}@db.example.com:5432/realms/main?a=${SECRET}#x`)).toBe(
    '"https://(not shown)@db.example.com:5432/realms/main?(not shown)#(not shown)"',
  );
});

test("describes long values by their size", () => {
  expect(received("x".repeat(201))).toBe("a string of 201 characters (not shown)");
  expect(received("a\nb\nc\n")).toBe("a string of 3 lines (not shown)");
  expect(received(Array(300).fill("item"))).toBe("a list of 300 items (not shown)");
  expect(received({ name: "x".repeat(100), other: "y".repeat(100) })).toBe(
    "an object with the keys name, other",
  );
});

test("shows a token as such, without the marker of cdktf", () => {
  const list = Token.asList({ resolve: () => ["a"] });
  for (const reference of [Token.asString({ a: 1 }), Token.asNumber({ a: 1 }), Token.asAny({ a: 1 })]) {
    expect(received(reference)).toBe("a token, whose value Terraform alone knows");
  }
  expect(received(`data/${Token.asString(Fn.upper("a"))}/x`)).toBe('"data/<token>/x"');
  expect(received(list)).toBe("a token, whose value Terraform alone knows");
  expect(received(["a", ...list])).toBe('["a","<token>"]');
});

test("shows the codes of invisible characters and of characters that change text direction", () => {
  expect(received("pay\u202ement\u200b\u0007")).toBe('"pay\\u202ement\\u200b\\u0007"');
});

describe("hideSecrets", () => {
  test("removes credentials and keeps similar harmless text", () => {
    expect(
      hideSecrets(`connect to https://app:${SECRET}@db/x?sslmode=${SECRET} failed: password=${SECRET}`),
    ).toBe("connect to https://(not shown)@db/x?(not shown) failed: password=(not shown)");
    const harmless =
      'production.siem.credentials.token: got "a b"; allowed: Secret: a name, see https://example.com/docs#secret';
    expect(hideSecrets(harmless)).toBe(harmless);
  });
});
