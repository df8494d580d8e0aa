import type { Parser } from "../../constructs/core/format-error";
import * as names from "../../constructs/core/kubernetes-names";

const longest = "a".repeat(63);
const subdomain = `${longest}.${longest}.${longest}.${"a".repeat(61)}`;

/** Names that the validation package of kube-apiserver 1.34 accepts and rejects. */
const facts: readonly [string, Parser<string>, accepted: readonly string[], rejected: readonly string[]][] = [
  [
    "a namespace",
    names.parseLabelName,
    ["a", "3scale", "0", "payments-db", longest],
    ["", "-a", "a-", "a.b", "a_b", "Payments", "a\n", `${longest}a`],
  ],
  [
    "a namespace to create",
    names.parseNewNamespace,
    ["a", "3scale", "default-apps", "kubernetes", "defaults", longest],
    ["default", "kube-system", "kube-public", "kube-node-lease", "kube-", "-a", `${longest}a`],
  ],
  [
    "a Service",
    names.parseServiceName,
    ["a", "payments-db", longest],
    ["", "3scale", "-a", "a-", "a.b", `${longest}a`],
  ],
  [
    "a Secret",
    names.parseObjectName,
    ["a", "3scale", "my.secret", "a.b-c.0", `${longest}a`, subdomain],
    ["", ".a", "a.", "a..b", "a.-b", "A", "a_b", `${subdomain}a`],
  ],
  [
    "a key of a Secret",
    names.parseDataKey,
    ["tls.crt", ".dockerconfigjson", "A_b-c", "-", ".a", "a".repeat(253)],
    ["", ".", "..", "..data", "a/b", "a b", "a".repeat(254)],
  ],
  [
    "the key of a label",
    names.parseLabelKey,
    ["app", "A", "app.kubernetes.io/name", "a_b.c-d", longest, `${subdomain}/${longest}`],
    ["", "/a", "a/", "a/b/c", "-a", "a-", "App.io/name", `${longest}a`, `${subdomain}a/b`],
  ],
  [
    "the value of a label",
    names.parseLabelValue,
    ["", "A", "1.2_3-b", longest],
    ["-", "a.", "_a", "a/b", "a b", `${longest}a`],
  ],
];

test.each(facts)(
  "accepts and rejects the name of %s as the API server does",
  (_title, parse, accepted, rejected) => {
    for (const text of accepted) expect(parse(text)).toBe(text);
    for (const text of rejected) expect(() => parse(text)).toThrow("must be ");
  },
);
