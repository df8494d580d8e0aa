import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { TerraformStack, Testing } from "cdktf";
import { AUDIT_SOCKET, AuditShipper, type AuditShipperProps } from "../../constructs/audit/audit-shipper";
import { SiemSink } from "../../constructs/audit/siem-sink";
import { Cpu } from "../../constructs/core/cpu";
import { Size } from "../../constructs/core/size";
import { exampleCa } from "../../environments/shared";

const sink = SiemSink.splunkHec({
  endpoint: "https://splunk.example.com:8088",
  credentials: { secretName: "siem-credentials", key: "hec" },
});

const shipper = (props: Partial<AuditShipperProps> = {}) =>
  new AuditShipper(new TerraformStack(Testing.app(), "test"), "Shipper", { sink, ...props });

interface Container {
  readonly image: string;
  readonly env: { name: string; value?: string; valueFrom?: object }[];
  readonly volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  readonly resources: object;
  readonly securityContext: object;
}
const containerOf = ({ sidecar }: AuditShipper) => sidecar.container as unknown as Container;
const valueOf = (it: AuditShipper, name: string) =>
  containerOf(it).env.find((variable) => variable.name === name)!.value;

const dataOf = ({ configuration }: AuditShipper): Record<string, string> => configuration.dataInput!;

test("the container is restricted, limited and pinned", () => {
  const container = containerOf(shipper());
  expect(container.image).toBe("balabit/syslog-ng:4.8.1");
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(container.resources).toEqual({
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
  });
});

test("the token is a file of an existing Secret: nothing else of it is in the program", () => {
  const it = shipper();
  expect(it.sidecar.volumes).toContainEqual({
    name: "siem-credentials",
    secret: {
      secretName: "siem-credentials",
      defaultMode: 0o440,
      items: [{ key: "hec", path: "hec" }],
    },
  });
  expect(valueOf(it, "CREDENTIAL")).toBe("/etc/siem/hec");
  // No environment variable contains a Secret.
  expect(JSON.stringify(containerOf(it).env)).not.toContain("secretKeyRef");
});

test("what holds the token when it runs is in memory, and the queue is not on the audit volume", () => {
  const it = shipper();
  expect(it.sidecar.volumes).toContainEqual({
    name: "audit-shipper-run",
    emptyDir: { medium: "Memory", sizeLimit: "1Mi" },
  });
  expect(it.sidecar.volumes).toContainEqual({
    name: "audit-shipper-state",
    emptyDir: { sizeLimit: "1Gi" },
  });
  // At most half of the volume: a pod that exceeds the limit is evicted.
  expect(dataOf(it)["shipper.conf"]).toContain(`capacity-bytes(${512 * 2 ** 20})`);
});

test("server and shipper see the same socket, and the server sees nothing else of it", () => {
  const { sidecar } = shipper();
  expect(sidecar.serverMounts).toEqual([{ name: "audit-socket", mountPath: "/vault/audit-socket" }]);
  expect(containerOf(shipper()).volumeMounts).toContainEqual(sidecar.serverMounts[0]);
  expect(AUDIT_SOCKET).toBe("/vault/audit-socket/shipper.sock");
});

test("the shipper writes neither to its configuration nor to the Secret", () => {
  const mounts = containerOf(shipper()).volumeMounts;
  expect(mounts.filter(({ readOnly }) => readOnly).map(({ name }) => name)).toEqual([
    "audit-shipper",
    "siem-credentials",
  ]);
});

test("the file is waited for, copies from the socket are not", () => {
  const lines = dataOf(shipper())
    ["shipper.conf"].split("\n")
    .filter((line) => line.startsWith("log "));
  expect(lines).toHaveLength(2);
  expect(lines.map((line) => line.includes("flags(flow-control)"))).toEqual([true, false]);
});

test("a change of the configuration changes the pods, and the same configuration does not", () => {
  const digestOf = (props?: Partial<AuditShipperProps>) => valueOf(shipper(props), "CONFIGURATION_DIGEST");
  expect(digestOf()).toBe(digestOf());
  const other = SiemSink.datadog({ ...sink.props });
  expect(digestOf({ sink: other })).not.toBe(digestOf());
});

test("the CA of a sink is beside the configuration", () => {
  const own = SiemSink.elastic({ ...sink.props, caCertificate: exampleCa });
  expect(dataOf(shipper({ sink: own }))["siem-ca.pem"]).toBe(exampleCa);
  expect(dataOf(shipper())).not.toHaveProperty("siem-ca.pem");
});

test("size, image, resources, namespace and release can be chosen", () => {
  const it = shipper({
    rotateAt: Size.gibibytes(1),
    image: "mirror.example.com/syslog-ng:4.8.1",
    namespace: "secrets",
    releaseName: "vault-a",
    resources: {
      requests: { cpu: Cpu.millis(10), memory: Size.mebibytes(32) },
      limits: { cpu: Cpu.millis(20), memory: Size.mebibytes(64) },
    },
  });
  expect(valueOf(it, "ROTATE_BYTES")).toBe(String(2 ** 30));
  expect(containerOf(it).image).toBe("mirror.example.com/syslog-ng:4.8.1");
  expect(containerOf(it).resources).toMatchObject({ limits: { cpu: "20m", memory: "64Mi" } });
  expect(it.configuration.metadataInput).toMatchObject({
    name: "vault-a-audit-shipper",
    namespace: "secrets",
  });
});

test("the escape hatch reaches the ConfigMap", () => {
  const it = shipper();
  expect(it.node.defaultChild).toBeInstanceOf(ConfigMapV1);
});

test("an image without a version, or limits below requests, are refused", () => {
  expect(() => shipper({ image: "balabit/syslog-ng" })).toThrow("image must be an image with a version");
  const one = { cpu: Cpu.millis(1), memory: Size.mebibytes(64) };
  const two = { cpu: Cpu.millis(2), memory: Size.mebibytes(64) };
  expect(() => shipper({ resources: { requests: two, limits: one } })).toThrow("the CPU limit must be");
});
