import type { Audit } from "@cdktf/provider-vault/lib/audit";
import { AuditDevices } from "../../constructs/audit/audit-devices";
import { synthesizeVault, vaultStack } from "../support/vault-stack";

const SOCKET = { path: "sidecar", socketPath: "/vault/audit/sidecar.sock" };

const withDevices = (add: (devices: AuditDevices) => void) =>
  synthesizeVault((stack) => add(new AuditDevices(stack, "Audit")));
const optionsOf = (add: (devices: AuditDevices) => void) =>
  withDevices(add)
    .resources("vault_audit")
    .map(({ options }) => options);

test("creates a Unix socket device with hashed accessors, elided lists and prevent_destroy", () => {
  expect(withDevices((devices) => devices.addSocket(SOCKET)).resource("vault_audit")).toMatchObject({
    path: "sidecar",
    type: "socket",
    description: "Writes to the sidecar at /vault/audit/sidecar.sock",
    options: {
      address: "/vault/audit/sidecar.sock",
      socket_type: "unix",
      write_timeout: "2s",
      elide_list_responses: "true",
      hmac_accessor: "true",
    },
    lifecycle: { prevent_destroy: true },
  });
});

test("does not set log_raw on any device", () => {
  const all = optionsOf((devices) => {
    devices.addSocket(SOCKET);
    devices.addSyslog({ path: "syslog" });
    devices.addFile({ path: "file", filePath: "/vault/audit/second.log" });
  });
  expect(all).toHaveLength(3);
  for (const options of all) expect(options).not.toHaveProperty("log_raw");
});

test("logs secrets in clear text only with unsafeLogRaw", () => {
  const [options] = optionsOf((devices) => devices.addSocket({ ...SOCKET, unsafeLogRaw: true }));
  expect(options.log_raw).toBe("true");
});

test("sets mode 0600 on a file, and no mode on stdout", () => {
  const [file, stdout] = optionsOf((devices) => {
    devices.addFile({ path: "file", filePath: "/vault/audit/a.log" });
    devices.addFile({ path: "stdout", filePath: "stdout" });
  });
  expect(file).toMatchObject({ file_path: "/vault/audit/a.log", mode: "0600" });
  expect(stdout.file_path).toBe("stdout");
  expect(stdout).not.toHaveProperty("mode");
});

test("sets facility AUTH and tag vault for syslog by default", () => {
  const [chosen, standard] = optionsOf((devices) => {
    devices.addSyslog({ path: "syslog" });
    devices.addSyslog({ path: "other", facility: "LOCAL0", tag: "vault-audit" });
  });
  expect(standard).toMatchObject({ facility: "AUTH", tag: "vault" });
  expect(chosen).toMatchObject({ facility: "LOCAL0", tag: "vault-audit" });
});

test("sets mode, timeout and description", () => {
  const devices = withDevices((audit) => {
    audit.addFile({ path: "file", filePath: "/a${b}", mode: "0640", description: "a ${b}" });
    audit.addSocket({ ...SOCKET, writeTimeout: 0.5 });
  }).resources("vault_audit");
  expect(devices[0]).toMatchObject({
    description: "a $${b}",
    options: { file_path: "/a$${b}", mode: "0640" },
  });
  expect(devices[1].options.write_timeout).toBe("0.5s");
});

test("returns a copy of its paths", () => {
  const devices = new AuditDevices(vaultStack(), "Audit");
  devices.addSocket(SOCKET);
  devices.paths.push("x");
  expect(devices.paths).toEqual(["sidecar"]);
});

test("rejects a construct without devices during synthesis", () => {
  expect(() => withDevices(() => {})).toThrow(
    "no audit device was added, and Vault stops with the bootstrap's; call addSocket(), addSyslog() or addFile() with stdout [test/Audit]",
  );
});

test("rejects devices that all write to a disk", () => {
  expect(() =>
    withDevices((devices) => devices.addFile({ path: "file", filePath: "/vault/audit/a.log" })),
  ).toThrow(
    "all audit devices write to a disk, as the bootstrap's does, and fail together; call addSocket()",
  );
});

test("rejects a path that is taken or belongs to the bootstrap", () => {
  const stack = vaultStack();
  const devices = new AuditDevices(stack, "Audit");
  devices.addSocket(SOCKET);
  expect(() => devices.addSyslog({ path: "sidecar" })).toThrow(
    "audit device sidecar is taken: test/Audit has it already [test/Audit]",
  );
  expect(() => devices.addFile({ path: "bootstrap-file", filePath: "stdout" })).toThrow(
    "path bootstrap-file is the first device's, which the bootstrap owns",
  );
});

test.each<[string, (devices: AuditDevices) => void, string]>([
  [
    "a TCP address",
    (a) => a.addSocket({ path: "a", socketPath: "siem.example.com:514" }),
    'not a remote address, got "siem.example.com:514"',
  ],
  [
    "an address of the host",
    (a) => a.addSocket({ path: "a", socketPath: "127.0.0.1:9090" }),
    "not a remote address",
  ],
  [
    "a relative socket",
    (a) => a.addSocket({ path: "a", socketPath: "sidecar.sock" }),
    "must be the absolute path",
  ],
  [
    "no timeout",
    (a) => a.addSocket({ ...SOCKET, writeTimeout: 0 }),
    "writeTimeout must be above zero, or Vault would wait without limit, got 0",
  ],
  [
    "a relative file",
    (a) => a.addFile({ path: "a", filePath: "audit.log" }),
    'filePath must be an absolute path or stdout, got "audit.log"',
  ],
  [
    "an executable file",
    (a) => a.addFile({ path: "a", filePath: "/a", mode: "0700" }),
    'mode must be octal, not executable and nothing for others, such as 0600, got "0700"',
  ],
  ["a file for others", (a) => a.addFile({ path: "a", filePath: "/a", mode: "0644" }), 'got "0644"'],
  ["a mode of letters", (a) => a.addFile({ path: "a", filePath: "/a", mode: "rw" }), 'got "rw"'],
  [
    "a wrong facility",
    (a) => a.addSyslog({ path: "a", facility: "LOCAL8" }),
    'facility must be one of syslog\'s, such as AUTH or LOCAL0, got "LOCAL8"',
  ],
  ["a tag of two words", (a) => a.addSyslog({ path: "a", tag: "a b" }), 'tag must be one word, got "a b"'],
  [
    "a wrong name",
    (a) => a.addSyslog({ path: "A/b" }),
    'path must be lower-case letters, digits and -, got "A/b"',
  ],
])("rejects %s", (_title, add, message) => {
  expect(() => withDevices(add)).toThrow(message);
  expect(() => withDevices(add)).toThrow("[test/Audit]");
});

test("returns the resource of a device for overrides", () => {
  const output = withDevices((devices) => {
    const device: Audit = devices.addSocket(SOCKET);
    device.addOverride("local", true);
  });
  expect(output.resource("vault_audit").local).toBe(true);
});
