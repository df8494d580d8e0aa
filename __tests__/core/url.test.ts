import { Url } from "../../constructs/core/url";

test.each([
  ["https://vault.example.com", "vault.example.com", 443, ""],
  ["https://vault.example.com:8200/", "vault.example.com", 8200, "/"],
  ["https://10.0.0.1:6443/k8s/clusters/c-1", "10.0.0.1", 6443, "/k8s/clusters/c-1"],
  ["https://[2001:db8::10]:8200", "2001:db8::10", 8200, ""],
  ["https://[2001:db8::10]/a%20b", "2001:db8::10", 443, "/a%20b"],
  ["https://ABC0.gr7.us-east-1.eks.amazonaws.com", "abc0.gr7.us-east-1.eks.amazonaws.com", 443, ""],
])("reads %s", (text, host, port, path) => {
  const url = Url.parse(text);
  expect([url.host.toString(), url.port, url.path]).toEqual([host, port, path]);
});

test.each([
  ["", "an https:// URL"],
  ["vault.example.com", "an https:// URL"],
  ["http://vault.example.com", "an https:// URL"],
  ["HTTPS://vault.example.com", "an https:// URL"],
  ["https:/vault.example.com", "an https:// URL"],
  ["https://", "an https:// URL"],
  ["https:///path", "an https:// URL"],
  ["https://user@vault.example.com", "an https:// URL without a user and password"],
  ["https://vault.example.com/?a=1", "an https:// URL without a query and fragment"],
  ["https://vault.example.com#x", "an https:// URL without a query and fragment"],
  ["https://vault.example.com:0", "an https:// URL of a port from 1 to 65535"],
  ["https://vault.example.com:70000", "an https:// URL of a port from 1 to 65535"],
  ["https://vault.example.com:", "an https:// URL of"],
  ["https://vault_1.example.com", "an https:// URL of a host name or IP address"],
  ["https://2001:db8::10", "an https:// URL of"],
  ["https://[2001:DB8:0::10]", 'an https:// URL of "2001:db8::10", the canonical form of this address'],
  ["https://010.0.0.1", 'an https:// URL of "10.0.0.1", the canonical form of this address'],
  ["https://vault.example.com\\@evil.example.com", "an https:// URL without a user and password"],
  ["https://vault.example.com/a b", "whose path is plain segments"],
  ["https://vault.example.com/a//b", "whose path is plain segments"],
  ["https://vault.example.com/a/../b", "whose path is plain segments"],
  ["https://vault.example.com/%zz", "whose path is plain segments"],
  ["https://vault.example.com/$(id)", "whose path is plain segments"],
  ["https://vault.example.com/'", "whose path is plain segments"],
  ["https://vault.example.com\n", "an https:// URL of"],
])("rejects %p: must be %s", (text, allowed) => {
  expect(() => Url.parse(text)).toThrow(allowed);
});

test("rejects a path where only a server is allowed, and suggests the URL without it", () => {
  expect(() => Url.parse("https://vault.example.com/ui/", { allowPath: false })).toThrow(
    'must be "https://vault.example.com", without a path',
  );
  expect(Url.parse("https://vault.example.com", { allowPath: false }).path).toBe("");
});

test("reads another scheme if it is allowed, and then rejects https", () => {
  expect(Url.parse("oci://registry.example.com/charts", { scheme: "oci" }).path).toBe("/charts");
  expect(() => Url.parse("https://registry.example.com", { scheme: "oci" })).toThrow("must be an oci:// URL");
});
