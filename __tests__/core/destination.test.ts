import { isPrivateAddress, locate } from "../../constructs/core/destination";

test.each([
  ["payments-db.production.svc", "production"],
  ["payments-db.production.svc.cluster.local", "production"],
  ["payments-db.production.svc.cluster.local.", "production"],
  ["PG-0.Payments-DB.Production.SVC", "production"],
])("locates %s in the namespace of the Service's name", (host, namespace) => {
  expect(locate(host)).toEqual({ kind: "namespace", namespace });
});

test.each(["login.example.com", "svc.example.com", "a.b.internal.example.com", "local.example.com"])(
  "locates %s on the internet",
  (host) => expect(locate(host)).toEqual({ kind: "internet" }),
);

test.each([
  ["198.51.100.9", "198.51.100.9/32"],
  ["[2001:db8::10]", "2001:db8::10/128"],
  ["2001:db8::10", "2001:db8::10/128"],
])("returns the public address %s as a range", (host, range) => {
  expect(locate(host)).toEqual({ kind: "ranges", ranges: [range] });
});

test.each([
  ...[
    "keycloak",
    "keycloak.local",
    "ip-10-0-0-1.ec2.internal",
    "idp.corp",
    "db.data.svc.example.com",
    "a.svc",
  ],
  ...["10.0.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "127.0.0.1", "169.254.20.10", "0.0.0.0"],
  ...["fd00::1", "[fe80::1]", "::1", "::", "::ffff:10.0.0.1", "64:ff9b::a00:1", "010.0.0.1", "10.1"],
])("does not locate %s without ranges and uses them if given", (host) => {
  expect(locate(host).kind).toBe("unknown");
  const ranges = ["0.0.0.0/0", "::/0"];
  expect(locate(host, ranges)).toEqual({ kind: "ranges", ranges });
});

test("uses ranges instead of the namespace of a Service's name", () => {
  const ranges = ["10.0.0.0/16"];
  expect(locate("payments-db.production.svc", ranges)).toEqual({ kind: "ranges", ranges });
});

test("rejects ranges that do not contain the address", () => {
  expect(locate("10.1.2.3", ["10.2.0.0/16", "fd00::/8"])).toEqual({
    kind: "unknown",
    allowed: "an address within its ranges, 10.2.0.0/16, fd00::/8",
  });
  expect(locate("10.1.2.3", ["10.2.0.0/16", "10.1.0.0/16"]).kind).toBe("ranges");
});

test.each(["198.51.100.9", "2001:db8::1", "64:ff9b::c633:6409", "::ffff:198.51.100.9"])(
  "does not call %s a private address",
  (address) => expect(isPrivateAddress(address)).toBe(false),
);
