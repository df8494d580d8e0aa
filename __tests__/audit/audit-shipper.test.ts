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

test("pins the image, and restricts and limits the container", () => {
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

test("mounts the token from an existing Secret, and keeps it out of environment variables", () => {
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

test("keeps its run folder in memory and its queue outside the audit volume", () => {
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

test("shares only the socket folder with the server", () => {
  const { sidecar } = shipper();
  expect(sidecar.serverMounts).toEqual([{ name: "audit-socket", mountPath: "/vault/audit-socket" }]);
  expect(containerOf(shipper()).volumeMounts).toContainEqual(sidecar.serverMounts[0]);
  expect(AUDIT_SOCKET).toBe("/vault/audit-socket/shipper.sock");
});

test("mounts its configuration and the Secret read-only", () => {
  const mounts = containerOf(shipper()).volumeMounts;
  expect(mounts.filter(({ readOnly }) => readOnly).map(({ name }) => name)).toEqual([
    "audit-shipper",
    "siem-credentials",
  ]);
});

test("applies flow control to the file, but not to the socket", () => {
  const lines = dataOf(shipper())
    ["shipper.conf"].split("\n")
    .filter((line) => line.startsWith("log "));
  expect(lines).toHaveLength(2);
  expect(lines.map((line) => line.includes("flags(flow-control)"))).toEqual([true, false]);
});

test("changes the configuration digest only with the configuration", () => {
  const digestOf = (props?: Partial<AuditShipperProps>) => valueOf(shipper(props), "CONFIGURATION_DIGEST");
  expect(digestOf()).toBe(digestOf());
  const other = SiemSink.datadog({ ...sink.props });
  expect(digestOf({ sink: other })).not.toBe(digestOf());
});

test("adds the sink's CA to the ConfigMap if it is given", () => {
  const own = SiemSink.elastic({ ...sink.props, caCertificate: exampleCa });
  expect(dataOf(shipper({ sink: own }))["siem-ca.pem"]).toBe(exampleCa);
  expect(dataOf(shipper())).not.toHaveProperty("siem-ca.pem");
});

test("sets rotation size, image, resources, namespace and release name", () => {
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

test("exposes the ConfigMap as node.defaultChild", () => {
  const it = shipper();
  expect(it.node.defaultChild).toBeInstanceOf(ConfigMapV1);
});

test("rejects an image without a version and limits below requests", () => {
  expect(() => shipper({ image: "balabit/syslog-ng" })).toThrow("image must be an image with a version");
  const one = { cpu: Cpu.millis(1), memory: Size.mebibytes(64) };
  const two = { cpu: Cpu.millis(2), memory: Size.mebibytes(64) };
  expect(() => shipper({ resources: { requests: two, limits: one } })).toThrow("the CPU limit must be");
});
