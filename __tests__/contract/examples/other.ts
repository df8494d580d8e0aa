import * as api from "../../../constructs";
import * as hardening from "../../../hardening";
import { exampleCa } from "../../../environments/shared";
import { type Example, type World, call, construct } from "./world";

const { Cpu, Duration, Size } = api;

const amounts = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };

const devices = (world: World) => new api.AuditDevices(world.stack, world.nextId());

const device = () => ({
  path: "siem",
  description: "A device",
  unsafeLogRaw: true,
  importExisting: false,
});

const sinkProps = () => ({
  endpoint: "https://siem.example.com",
  credentials: { secretName: "siem", key: "token" },
  caCertificate: exampleCa,
});

const shipping = (world: World, sink: api.SiemSink) =>
  world.show(new api.AuditShipper(world.stack, world.nextId(), { sink }).sidecar);

const sink = (make: (props: api.SiemSinkProps) => api.SiemSink): Example =>
  call(
    (world, props: never) => shipping(world, make(props)),
    () => [sinkProps()],
  );

const tls = () => api.Tls.certManager({ kind: "ClusterIssuer", name: "vault-ca", type: "ca" });

const detection = () => api.suspiciousAccess()[2];

const resource = () => ({
  apiVersion: "cert-manager.io/v1",
  kind: "Issuer",
  metadata: { name: "issuer", namespace: "production", labels: { app: "a" }, annotations: { note: "b" } },
  spec: { selfSigned: {} },
});

const content = (world: World) => ({ resources: [resource()], crds: world.crds });

const watched = (world: World) => ({
  vault: world.vault,
  replicas: 3,
  tls: tls(),
  thresholds: {
    freeVolume: { warning: 25, critical: 10 },
    auditBacklog: Size.mebibytes(512),
    auditTime: Duration.seconds(1),
    waitingRequests: 5,
    leases: 1000,
    tokens: 1000,
    dailyGrowth: 2,
    certificateValidity: { warning: Duration.days(21), critical: Duration.days(7) },
    backupAge: Duration.hours(26),
    drillAge: Duration.days(8),
  },
  labels: { release: "prometheus" },
});

const amount = (make: (of: never) => unknown): Example =>
  call(
    (_, of: never) => make(of),
    () => [1],
  );

const parsed = (parse: (text: never) => unknown, text: string): Example =>
  call(
    (_, of: never) => parse(of),
    () => [text],
  );

/** Resources that need the declared CRDs: a declaration is only read if there is something to install. */
const declared = (world: World, crds: api.CrdDeclaration) =>
  new api.CustomResources(world.stack, world.nextId(), {
    namespace: "production",
    resources: [resource()],
    crds: crds.and(world.crds),
  });

/** Examples of the remaining modules. */
export const otherExamples: Readonly<Record<string, Example>> = {
  "AuditDevices.addFile": call(
    (world, props: never) => devices(world).addFile(props),
    () => [{ ...device(), filePath: "/vault/audit/siem.log", mode: "0600" }],
  ),
  "AuditDevices.addSocket": call(
    (world, props: never) => devices(world).addSocket(props),
    () => [{ ...device(), socketPath: "/vault/audit-socket/siem.sock", writeTimeout: 2 }],
  ),
  "AuditDevices.addSyslog": call(
    (world, props: never) => devices(world).addSyslog(props),
    () => [{ ...device(), facility: "AUTH", tag: "vault" }],
  ),
  AuditShipper: construct(
    api.AuditShipper,
    (world) => ({
      sink: api.SiemSink.datadog(sinkProps()),
      namespace: "vault",
      releaseName: "vault",
      image: "balabit/syslog-ng:4.8.1",
      rotateAt: Size.mebibytes(128),
      resources: { requests: amounts, limits: amounts },
      proxy: world.proxy,
    }),
    (world, made: api.AuditShipper) => world.show(made.sidecar),
  ),
  "SiemSink.splunkHec": sink(api.SiemSink.splunkHec),
  "SiemSink.elastic": sink(api.SiemSink.elastic),
  "SiemSink.datadog": sink(api.SiemSink.datadog),
  "SiemSink.otlpHttp": sink(api.SiemSink.otlpHttp),
  "SiemSink.destination": call(
    (world, name: never, queue: never) =>
      world.show(api.SiemSink.datadog(sinkProps()).destination(name, queue)),
    () => ["file", ["retries(3)"]],
  ),
  applyHardening: call(
    (_, root: never) => hardening.applyHardening(root),
    (world) => [world.stack],
  ),
  declareEnvironment: call(
    (_, stack: never, facts: never) => hardening.declareEnvironment(stack, facts),
    (world) => [world.stack, { name: "production", secretsEncryption: "kms" }],
  ),
  "HardeningAspect.visit": call(
    (_, node: never) => new hardening.HardeningAspect().visit(node),
    (world) => [world.stack],
  ),
  itemStates: call(
    (_, report: never) => hardening.itemStates(report),
    () => [{ results: [] }],
  ),
  suppressCheckov: call(
    (_, target: never, id: never, reason: never) => api.suppressCheckov(target, id, reason),
    (world) => [world.resource, "CKV_AWS_145", "a reason"],
  ),
  suppressRule: call(
    (_, at: never, id: never, reason: never) => hardening.suppressRule(at, id, reason),
    (world) => [world.stack, hardening.rules[0].id, "a reason"],
  ),
  warningsOf: call(
    (_, root: never) => hardening.warningsOf(root),
    (world) => [world.stack],
  ),
  suspiciousAccess: call(
    (_, options: never) => api.suspiciousAccess(options),
    () => [
      {
        pipelineLogins: ["github-"],
        deniedBurst: { moreThan: 20, within: Duration.minutes(5) },
        massReads: { moreThan: 50, within: Duration.minutes(10) },
      },
    ],
  ),
  renderDatadog: call(
    (_, of: never, from: never) => api.renderDatadog(of, from),
    () => [detection(), "a:b"],
  ),
  renderSplunk: call(
    (_, of: never, from: never) => api.renderSplunk(of, from),
    () => [detection(), "a=b"],
  ),
  renderKql: call(
    (_, of: never, from: never) => api.renderKql(of, from),
    () => [detection(), { index: "logs", prefix: "audit." }],
  ),
  renderEsql: call(
    (_, of: never, from: never) => api.renderEsql(of, from),
    () => [detection(), { index: "logs", prefix: "audit." }],
  ),
  VaultAlerts: construct(api.VaultAlerts, (world) => ({
    ...watched(world),
    runbooks: "https://example.com/runbooks",
    crds: world.crds,
  })),
  VaultDashboard: construct(api.VaultDashboard, (world) => ({ ...watched(world), namespace: "grafana" })),
  VaultPodMonitor: construct(api.VaultPodMonitor, (world) => ({
    vault: world.vault,
    tls: tls(),
    crds: world.crds,
    labels: { release: "prometheus" },
    interval: Duration.seconds(30),
    clientCertificateSecret: "prometheus-certificate",
  })),
  "Cpu.millis": amount(api.Cpu.millis),
  "Cpu.units": amount(api.Cpu.units),
  "Cpu.parse": parsed(api.Cpu.parse, "500m"),
  "Duration.seconds": amount(api.Duration.seconds),
  "Duration.minutes": amount(api.Duration.minutes),
  "Duration.hours": amount(api.Duration.hours),
  "Duration.days": amount(api.Duration.days),
  "Duration.parse": parsed(api.Duration.parse, "1h"),
  "Duration.isLongerThan": call(
    (_, other: never) => Duration.hours(1).isLongerThan(other),
    () => [Duration.hours(2)],
  ),
  "Size.mebibytes": amount(api.Size.mebibytes),
  "Size.gibibytes": amount(api.Size.gibibytes),
  "Size.parse": parsed(api.Size.parse, "10Gi"),
  "CrdDeclaration.groups": call(
    (world, group: never) => declared(world, api.CrdDeclaration.groups(group)),
    () => ["example.com"],
  ),
  "CrdDeclaration.installedBy": call(
    (world, release: never, group: never) => declared(world, api.CrdDeclaration.installedBy(release, group)),
    (world) => [world.resource, "example.com"],
  ),
  "CrdDeclaration.and": call(
    (world, other: never) => world.crds.and(other),
    (world) => [world.crds],
  ),
  "CrdDeclaration.installersOf": call(
    (world, scope: never, kind: never, group: never) => world.crds.installersOf(scope, kind, group),
    (world) => [world.stack, "Issuer", "cert-manager.io"],
  ),
  CustomResources: construct(api.CustomResources, (world) => ({
    ...content(world),
    namespace: "production",
    releaseName: "resources",
  })),
  "CustomResources.add": call(
    (world, added: never) => world.release.add(added),
    (world) => [content(world)],
  ),
  "CustomResources.within": call(
    (world, shared: never, props: never) =>
      api.CustomResources.within(shared, world.stack, world.nextId(), props),
    (world) => [world.release, { ...content(world), namespace: "production", releaseName: "resources" }],
  ),
  EphemeralVariable: construct(api.EphemeralVariable, () => ({
    variableName: "password",
    description: "Password",
    optional: true,
  })),
  literal: call(
    (world, text: never) => world.show(api.literal(text)),
    () => ["a note"],
  ),
  OutboundProxy: call(
    (world, props: never) => {
      const { ranges, targetPort } = new api.OutboundProxy(props);
      world.show([ranges, targetPort]);
    },
    () => [
      {
        url: "http://proxy.example.com:3128",
        ranges: ["10.0.0.0/16"],
        targetPort: 8080,
        noProxy: [".example.com"],
      },
    ],
  ),
  "OutboundProxy.bypasses": call(
    (world, host: never) => world.proxy.bypasses(host),
    () => ["example.com"],
  ),
  "OutboundProxy.environment": call(
    (world, direct: never) => world.show(world.proxy.environment(direct)),
    () => [[".example.com"]],
  ),
};
