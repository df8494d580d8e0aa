import { IpAddress } from "../../constructs/core/ip-address";

test.each([
  "0.0.0.0",
  "10.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "2001:db8::10",
  "1:0:0:2::3",
  "64:ff9b::a00:1",
])("reads the canonical address %s", (text) => {
  expect(IpAddress.parse(text).toString()).toBe(text);
});

test.each([
  ["2001:DB8::10", "2001:db8::10"],
  ["2001:db8:0:0:0:0:0:10", "2001:db8::10"],
  ["2001:0db8::10", "2001:db8::10"],
  ["::0:1", "::1"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["1:0:0:2:0:0:3:4", "1::2:0:0:3:4"],
  ["1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"],
  ["64:ff9b::10.0.0.1", "64:ff9b::a00:1"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
  ["::ffff:a00:1", "10.0.0.1"],
  ["010.0.0.1", "10.0.0.1"],
])("rejects %s and suggests %s", (text, canonical) => {
  expect(() => IpAddress.parse(text)).toThrow(`must be "${canonical}", the canonical form of this address`);
});

test.each([
  "",
  "10.0.0",
  "10.0.0.256",
  "0x7f.0.0.1",
  "127.1",
  "[::1]",
  "fe80::1%eth0",
  "1::2::3",
  "10.0.0.1:80",
  " ::1",
])("rejects %p, which is not an address", (text) => {
  expect(() => IpAddress.parse(text)).toThrow("must be an IP address, such as 10.0.0.1 or 2001:db8::10");
});
