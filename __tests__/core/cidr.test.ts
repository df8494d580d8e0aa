import { Cidr } from "../../constructs/core/cidr";
import { IpAddress } from "../../constructs/core/ip-address";

test.each(["0.0.0.0/0", "10.10.0.0/20", "10.0.0.1/32", "::/0", "2001:db8::/32", "2001:db8::1/128"])(
  "reads the canonical range %s",
  (text) => {
    expect(Cidr.parse(text).toString()).toBe(text);
  },
);

test.each([
  ["10.10.0.1/20", "10.10.0.0/20"],
  ["10.0.0.0/08", "10.0.0.0/8"],
  ["169.0254.0.0/16", "169.254.0.0/16"],
  ["0251.254.0.0/16", "251.254.0.0/16"],
  ["2001:DB8::/32", "2001:db8::/32"],
  ["2001:db8::1/32", "2001:db8::/32"],
  ["2001:db8:0::/48", "2001:db8::/48"],
  ["0fd00:ec2::/32", "fd00:ec2::/32"],
  ["::ffff:169.254.0.0/112", "169.254.0.0/16"],
])("rejects %s and suggests the canonical form %s", (text, canonical) => {
  expect(() => Cidr.parse(text)).toThrow(`must be "${canonical}", the canonical form of this range`);
});

test.each([
  "",
  "10.0.0.0",
  "10.0.0.0/",
  "10.0.0.0/33",
  "::/129",
  "10.0.0/8",
  "10.0.0.0/-1",
  "10.0.0.0/8 ",
  "a/8",
])("rejects %p, which is not a range", (text) => {
  expect(() => Cidr.parse(text)).toThrow("must be a network range, such as 10.0.0.0/16");
});

test.each([
  ["10.0.0.0/8", "10.255.0.0/16", true],
  ["10.0.0.0/8", "10.0.0.0/8", true],
  ["10.0.0.0/8", "11.0.0.0/16", false],
  ["10.0.0.0/8", "0.0.0.0/0", false],
  ["::/0", "10.0.0.0/8", false],
  ["fd00:ec2::/32", "fd00:ec2::254/128", true],
  ["fd00:ec2::/32", "fd00:ec3::254/128", false],
])("decides for %s whether it contains %s: %s", (outer, inner, expected) => {
  expect(Cidr.parse(outer).contains(Cidr.parse(inner))).toBe(expected);
});

test("contains addresses of its family only", () => {
  const everything = Cidr.parse("0.0.0.0/0");
  expect(everything.contains(IpAddress.parse("169.254.169.254"))).toBe(true);
  expect(everything.contains(IpAddress.parse("fd00:ec2::254"))).toBe(false);
});
