import { OutboundProxy, isNoProxyEntry, isProxyUrl } from "../../constructs/core/outbound-proxy";

const url = "http://proxy.example.com:3128";
const noProxyOf = (proxy: OutboundProxy, direct?: string[]) => proxy.environment(direct).NO_PROXY.split(",");

test("sets the proxy and excludes the cluster's addresses", () => {
  const proxy = new OutboundProxy({ url });
  expect(proxy.environment().HTTPS_PROXY).toBe(url);
  expect(noProxyOf(proxy)).toEqual([
    ...["localhost", "127.0.0.1", "::1", "$(KUBERNETES_SERVICE_HOST)", ".svc", ".svc.cluster.local"],
  ]);
});

test("adds the exclusions of the container and the environment without duplicates", () => {
  const proxy = new OutboundProxy({ url, noProxy: [".svc", "10.0.0.0/8", "vault.example.com"] });
  expect(noProxyOf(proxy, [".vault-internal"]).slice(-3)).toEqual([
    ".vault-internal",
    "10.0.0.0/8",
    "vault.example.com",
  ]);
});

test.each([
  ["http://proxy.example.com:3128", "proxy.example.com", 3128],
  ["http://proxy.example.com", "proxy.example.com", 80],
  ["https://proxy.example.com/", "proxy.example.com", 443],
  ["http://[2001:db8::5]:3128", "[2001:db8::5]", 3128],
])("reads host and port of %s", (text, host, port) => {
  expect(isProxyUrl(text)).toBe(true);
  expect(new OutboundProxy({ url: text })).toMatchObject({ host, port });
});

test.each([
  ...[
    "proxy.example.com:3128",
    "socks5://proxy.example.com",
    "http://",
    "http://proxy:0",
    "http://proxy:99999",
  ],
  ...[
    "http://proxy.example.com/pac",
    "http://proxy.example.com?x",
    "http://proxy.example.com#x",
    "http://a b",
  ],
])("rejects the URL %s", (text) => {
  expect(() => new OutboundProxy({ url: text })).toThrow(`url must be http:// or https:// and a host`);
});

test.each(["http://user:made-up@proxy.example.com:3128", "http://made-up@proxy.example.com"])(
  "rejects a user in the URL and does not show it",
  (text) => {
    const create = () => new OutboundProxy({ url: text });
    expect(create).toThrow("a URL with a user, which is not shown");
    expect(create).not.toThrow("made-up");
  },
);

test.each(["*", "", "a,b", "http://x", "*.example.com", "a b", "10.0.0.0/33", "example.com."])(
  "rejects the entry %j of noProxy, which clients read differently",
  (entry) => {
    expect(isNoProxyEntry(entry)).toBe(false);
    expect(() => new OutboundProxy({ url, noProxy: [entry] })).toThrow("noProxy must be a host, a domain");
  },
);

test.each([
  ["example.com", "example.com", true],
  ["example.com", "vault.example.com", true],
  ["example.com", "badexample.com", false],
  [".example.com", "example.com", false],
  [".example.com", "Vault.Example.com", true],
  ["example.com:8443", "example.com", true],
  ["10.0.0.0/8", "10.1.2.3", true],
  ["10.0.0.0/8", "11.1.2.3", false],
  ["10.0.0.0/8", "example.com", false],
  ["fd00::/8", "[fd00::5]", true],
  ["10.1.2.3", "10.1.2.3", true],
  ["2001:db8::1", "[2001:db8::1]", true],
])("uses the entry %s for %s to bypass the proxy: %s", (entry, host, expected) => {
  expect(new OutboundProxy({ url, noProxy: [entry] }).bypasses(host)).toBe(expected);
});
