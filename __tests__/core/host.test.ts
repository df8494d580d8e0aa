import { Host } from "../../constructs/core/host";
import { HostPort } from "../../constructs/core/host-port";

const label = "a".repeat(63);
const longest = `${label}.${label}.${label}.${"a".repeat(61)}`;

describe("Host", () => {
  test.each([
    "localhost",
    "vault.example.com",
    "3scale.example.com",
    "xn--bcher-kva.example",
    label,
    longest,
  ])("reads the name %s", (text) => {
    expect(Host.parse(text)).toMatchObject({ address: undefined, inUrl: text });
    expect(Host.parseName(text).toString()).toBe(text);
  });

  test("writes IPv6 in brackets in URLs only", () => {
    expect(Host.parse("2001:db8::10").toString()).toBe("2001:db8::10");
    expect(Host.parse("2001:db8::10").inUrl).toBe("[2001:db8::10]");
    expect(Host.parse("10.0.0.1").inUrl).toBe("10.0.0.1");
  });

  test.each([
    ["", "a host name or IP address, such as vault.example.com"],
    ["vault_1.example.com", "a host name or IP address, such as vault.example.com"],
    ["vault..example.com", "a host name or IP address, such as vault.example.com"],
    ["vault.example.com.", "a host name or IP address, such as vault.example.com"],
    ["-vault.example.com", "a host name or IP address, such as vault.example.com"],
    ["*.example.com", "a host name or IP address, such as vault.example.com"],
    ["vault.example.com ", "a host name or IP address, such as vault.example.com"],
    [`${label}a`, "a host name or IP address, such as vault.example.com"],
    [`${longest}a`, "a host name or IP address, such as vault.example.com"],
    ["Vault.example.com", '"vault.example.com", in lower case'],
    ["https://vault.example.com", "a host name or IP address, such as vault.example.com, and not a URL"],
    ["vault.example.com:8200", "without a port and brackets"],
    ["[2001:db8::10]", "without a port and brackets"],
    ["[2001:db8::10]:8200", "without a port and brackets"],
    ["2001:DB8::10", '"2001:db8::10", the canonical form of this address'],
    ["10.0.0.256", "that does not end in a number"],
    ["127.1", "that does not end in a number"],
    ["vault.0x7f", "that does not end in a number"],
  ])("rejects %p: must be %s", (text, allowed) => {
    expect(() => Host.parse(text)).toThrow(allowed);
  });

  test.each(["10.0.0.1", "2001:db8::10"])("rejects the address %s where only names are allowed", (text) => {
    expect(() => Host.parseName(text)).toThrow("must be a host name, such as vault.example.com");
  });
});

describe("HostPort", () => {
  test.each([
    ["vault.example.com:8200", "vault.example.com", 8200],
    ["10.0.0.1:1", "10.0.0.1", 1],
    ["[2001:db8::10]:65535", "2001:db8::10", 65535],
  ])("reads %s", (text, host, port) => {
    const read = HostPort.parse(text);
    expect([read.host.toString(), read.port, read.toString()]).toEqual([host, port, text]);
  });

  test.each([
    "vault.example.com",
    "vault.example.com:",
    "2001:db8::10",
    "[10.0.0.1]:80",
    "[vault]:80",
    "a:b:80",
  ])("rejects %s, which is not a host and a port", (text) => {
    expect(() => HostPort.parse(text)).toThrow("must be a host and a port, such as vault.example.com:8200");
  });

  test.each(["vault:0", "vault:65536", "vault:080", "vault:99999999999999999999"])(
    "rejects the port of %s",
    (text) => {
      expect(() => HostPort.parse(text)).toThrow("must be a port from 1 to 65535");
    },
  );
});
