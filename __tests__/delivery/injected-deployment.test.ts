import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { checkovSuppressions } from "../../constructs/core/checkov";
import { Cpu } from "../../constructs/core/cpu";
import { Duration } from "../../constructs/core/duration";
import { Size } from "../../constructs/core/size";
import {
  InjectedDeployment,
  type InjectedDeploymentProps,
} from "../../constructs/delivery/injected-deployment";
import { WorkloadServiceAccount } from "../../constructs/delivery/workload-service-account";
import { synthesize } from "../support/synth";
import { identity, vault } from "./support/delivery";
import { testInPosixShells } from "../support/shells";

const props: InjectedDeploymentProps = {
  vault,
  identity,
  image: "myorg/payment-service:v1.2.3",
  command: ["/app/payment-service"],
};

function build(stack: TerraformStack, change: Partial<InjectedDeploymentProps> = {}): InjectedDeployment {
  const service = new InjectedDeployment(stack, "Service", { ...props, ...change });
  service.injection.addKeyValue("config", {
    path: "payment-service/config",
    variables: { STRIPE_API_KEY: "stripe_api_key", WEBHOOK_SECRET: "webhook_secret" },
  });
  service.injection.addDatabaseCredentials("db", {
    role: "payment-service-role",
    leaseTtl: Duration.hours(1),
  });
  return service;
}

function synthesized(change: Partial<InjectedDeploymentProps> = {}) {
  const output = synthesize((stack) => build(stack, change));
  const deployment = output.resource("kubernetes_deployment_v1");
  const pod = deployment.spec.template.spec;
  return {
    deployment,
    annotations: deployment.spec.template.metadata.annotations,
    pod,
    container: pod.container[0],
    budget: output.resource("kubernetes_pod_disruption_budget_v1"),
  };
}

test("uses the article's name, namespace, labels, replicas, image, port and resources", () => {
  const { deployment, pod, container } = synthesized();
  const labels = { app: "payment-service" };
  expect(deployment.metadata).toEqual({ name: "payment-service", namespace: "production", labels });
  expect(deployment.spec).toMatchObject({
    replicas: "3",
    selector: { match_labels: labels },
    template: { metadata: { labels } },
  });
  expect(pod.service_account_name).toBe("payment-service");
  expect(pod.container).toHaveLength(1);
  expect(container).toMatchObject({
    name: "payment-service",
    image: "myorg/payment-service:v1.2.3",
    command: ["/bin/sh", "-c"],
    port: [{ container_port: 8080 }],
    resources: {
      limits: { cpu: "500m", memory: "256Mi" },
      requests: { cpu: "100m", memory: "128Mi" },
    },
  });
});

test("adds labels for access to Vault and for policies to the pods, not to the selector", () => {
  const { deployment } = synthesized();
  expect(deployment.spec.template.metadata.labels).toEqual({
    app: "payment-service",
    "vault-platform/client": "true",
    "vault-platform/service": "payment-service",
  });
  expect(deployment.spec.selector.match_labels).toEqual({ app: "payment-service" });
});

test("writes the article's annotations and templates", () => {
  const { annotations } = synthesized();
  expect(annotations).toMatchObject({
    "vault.hashicorp.com/agent-inject": "true",
    "vault.hashicorp.com/role": "payment-service",
    "vault.hashicorp.com/agent-inject-secret-config": "secret/data/payment-service/config",
    "vault.hashicorp.com/agent-inject-secret-db": "database/creds/payment-service-role",
    "vault.hashicorp.com/agent-cache-enable": "true",
    "vault.hashicorp.com/agent-cache-listener-port": "8200",
    "vault.hashicorp.com/agent-inject-containers": "payment-service",
  });
  const lines = (name: string) =>
    annotations[`vault.hashicorp.com/agent-inject-template-${name}`].split("\n");
  expect(lines("config")).toEqual([
    '{{- with secret "secret/data/payment-service/config" -}}',
    expect.stringMatching(
      /^export STRIPE_API_KEY="\{\{ \$v := index \.Data\.data "stripe_api_key" \}\}.+\}\}"$/,
    ),
    expect.stringMatching(
      /^export WEBHOOK_SECRET="\{\{ \$v := index \.Data\.data "webhook_secret" \}\}.+\}\}"$/,
    ),
    "{{- end }}",
    "",
  ]);
  expect(lines("db")).toEqual([
    '{{- with secret "database/creds/payment-service-role" -}}',
    expect.stringMatching(/^export DB_USERNAME="\{\{ \$v := index \.Data "username" \}\}.+\}\}"$/),
    expect.stringMatching(/^export DB_PASSWORD="\{\{ \$v := index \.Data "password" \}\}.+\}\}"$/),
    "{{- end }}",
    "",
  ]);
});

test("reads both files in the shell and replaces it with the application", () => {
  expect(synthesized().container.args).toEqual([
    '. /vault/secrets/config &&\n. /vault/secrets/db &&\nexec "$@"',
    "sh",
    "/app/payment-service",
  ]);
});

testInPosixShells(
  "starts the application in %s %p with variables and arguments, in place of the shell",
  (shell, flags) => {
    const folder = mkdtempSync(join(tmpdir(), "vault-start-"));
    writeFileSync(join(folder, "config"), 'export STRIPE_API_KEY="a"\n');
    writeFileSync(join(folder, "db"), 'export DB_PASSWORD="b"\n');
    const program = 'printf "%s|" "$STRIPE_API_KEY" "$DB_PASSWORD" "$@" "$PPID"';
    const { container } = synthesized({ command: ["sh", "-c", program, "sh", "two words", "'\"`$(id)*"] });
    const [script, ...args] = container.args;
    const output = execFileSync(
      shell,
      [...flags, "-c", script.replaceAll("/vault/secrets", folder), ...args],
      {
        encoding: "utf8",
      },
    );
    expect(output).toBe(`a|b|two words|'"\`$(id)*|${process.pid}|`);
    rmSync(folder, { recursive: true });
  },
);

testInPosixShells("starts nothing in %s %p while a file is missing", (shell, flags) => {
  const [script, ...args] = synthesized({ command: ["echo", "started"] }).container.args;
  const run = () => execFileSync(shell, [...flags, "-c", script, ...args], { stdio: "pipe" });
  expect(run).toThrow("/vault/secrets/config");
});

test("escapes text that Terraform would evaluate in the application's arguments", () => {
  expect(synthesized({ command: ["/app/payment-service", "${x}%{y}"] }).container.args[3]).toBe("$${x}%%{y}");
});

test("restricts the pod and gives the application no ServiceAccount token", () => {
  const { pod, container } = synthesized();
  expect(pod).toMatchObject({
    automount_service_account_token: false,
    enable_service_links: false,
    security_context: {
      run_as_non_root: true,
      run_as_user: "10001",
      run_as_group: "10001",
      fs_group: "10001",
      seccomp_profile: { type: "RuntimeDefault" },
    },
  });
  expect(container.security_context).toEqual({
    run_as_user: "10001",
    run_as_group: "10001",
    run_as_non_root: true,
    read_only_root_filesystem: true,
    allow_privilege_escalation: false,
    capabilities: { drop: ["ALL"] },
    seccomp_profile: { type: "RuntimeDefault" },
  });
  expect(container.volume_mount).toEqual([{ name: "tmp", mount_path: "/tmp" }]);
});

test("adds the volumes of the agent to the pod", () => {
  expect(synthesized().pod.volume).toEqual([
    {
      name: "vault-token",
      projected: [
        {
          sources: [
            { service_account_token: { audience: "vault", expiration_seconds: 3600, path: "token" } },
          ],
        },
      ],
    },
    { name: "vault-ca", config_map: { name: "vault-ca" } },
    { name: "tmp", empty_dir: { size_limit: "64Mi" } },
  ]);
});

test("limits updates and drains to one pod and spreads pods over zones and nodes", () => {
  const { deployment, pod, budget } = synthesized();
  expect(deployment.spec.strategy).toEqual({
    type: "RollingUpdate",
    rolling_update: { max_surge: "1", max_unavailable: "0" },
  });
  expect(budget).toMatchObject({
    metadata: { name: "payment-service", namespace: "production" },
    spec: { max_unavailable: "1", selector: { match_labels: { app: "payment-service" } } },
  });
  expect(pod.topology_spread_constraint.map((each: { topology_key: string }) => each.topology_key)).toEqual([
    "topology.kubernetes.io/zone",
    "kubernetes.io/hostname",
  ]);
});

test("accepts one replica, user 1 and port 65535", () => {
  const { deployment, pod, container } = synthesized({ replicas: 1, user: 1, port: 65535 });
  expect(deployment.spec.replicas).toBe("1");
  expect(pod.security_context.run_as_user).toBe("1");
  expect(container.port[0].container_port).toBe(65535);
});

test("probes the port, or the health path if one is set", () => {
  const probes = ["startup_probe", "readiness_probe", "liveness_probe"];
  const { container } = synthesized();
  const { container: withPath } = synthesized({ healthPath: "/healthz", port: 9000 });
  for (const probe of probes) {
    expect(container[probe].tcp_socket).toEqual([{ port: "8080" }]);
    expect(withPath[probe].http_get).toEqual({ path: "/healthz", port: "9000" });
    expect(withPath[probe]).not.toHaveProperty("tcp_socket");
  }
});

test("restarts the application by default when either file changes", () => {
  const { pod, annotations } = synthesized();
  const command = "pid=$(pidof payment-service) && kill -TERM $pid || true";
  expect(pod.share_process_namespace).toBe(true);
  expect(annotations).toMatchObject({
    "vault.hashicorp.com/agent-inject-command-config": command,
    "vault.hashicorp.com/agent-inject-command-db": command,
  });
});

test("finds an application by its process name if one is set", () => {
  const { annotations } = synthesized({ command: ["/app/run.sh"], processName: "java" });
  expect(annotations["vault.hashicorp.com/agent-inject-command-db"]).toContain("pidof java)");
});

test("sets no command and no shared processes for an application that reloads its secrets", () => {
  const { pod, annotations } = synthesized({ reloadsSecrets: true });
  expect(pod).not.toHaveProperty("share_process_namespace");
  expect(Object.keys(annotations).filter((name) => name.includes("inject-command"))).toEqual([]);
});

test("revokes the token after the application's shutdown time and before the pod is killed", () => {
  expect(synthesized().pod.termination_grace_period_seconds).toBe(30);
  const { pod, annotations } = synthesized({ shutdown: Duration.minutes(1) });
  expect(annotations["vault.hashicorp.com/agent-revoke-grace"]).toBe("60");
  expect(pod.termination_grace_period_seconds).toBe(70);
});

test("accepts name, replicas, user and resources, and runs the agent in the application's group", () => {
  const { deployment, pod, container, annotations } = synthesized({
    name: "worker",
    replicas: 1,
    user: 20000,
    resources: {
      requests: { cpu: Cpu.millis(1), memory: Size.mebibytes(2) },
      limits: { cpu: Cpu.millis(3), memory: Size.mebibytes(4) },
    },
  });
  expect(deployment.metadata.name).toBe("worker");
  expect(deployment.spec.replicas).toBe("1");
  expect(pod.service_account_name).toBe("payment-service");
  expect(container.name).toBe("worker");
  expect(container.security_context.run_as_user).toBe("20000");
  expect(container.resources).toEqual({
    requests: { cpu: "1m", memory: "2Mi" },
    limits: { cpu: "3m", memory: "4Mi" },
  });
  expect(annotations).toMatchObject({
    "vault.hashicorp.com/agent-run-as-group": "20000",
    "vault.hashicorp.com/agent-inject-containers": "worker",
  });
});

test("accepts the article's template and reads its file in the shell", () => {
  const template = '{{- with secret "a/b" -}}\nexport A="{{ .Data.a }}"\n{{- end }}\n';
  const output = synthesize((stack) =>
    build(stack).injection.addSecret("own", { path: "a/b", template, sourced: true }),
  );
  const { metadata, spec } = output.resource("kubernetes_deployment_v1").spec.template;
  expect(metadata.annotations["vault.hashicorp.com/agent-inject-template-own"]).toBe(template);
  expect(spec.container[0].args[0]).toContain(". /vault/secrets/own &&");
});

test("suppresses CKV_K8S_43 for an image without a digest only", () => {
  const suppressed = (image: string) => {
    const stack = new TerraformStack(Testing.app(), "test");
    build(stack, { image });
    return checkovSuppressions(stack).map(({ checkId }) => checkId);
  };
  expect(suppressed("myorg/payment-service:v1.2.3")).toEqual(["CKV_K8S_43"]);
  expect(suppressed(`myorg/payment-service:v1.2.3@sha256:${"0".repeat(64)}`)).toEqual([]);
});

test.each<[string, Partial<InjectedDeploymentProps>, string]>([
  ["the version latest", { image: "myorg/payment-service:latest" }, 'got "myorg/payment-service:latest"'],
  ["an image without a version", { image: "myorg/payment-service" }, 'got "myorg/payment-service"'],
  ["no command", { command: [] }, "command must name the program that is started, got an empty list"],
  ["no replica", { replicas: 0 }, "replicas must be a whole number from 1 to 1000, got 0"],
  ["root", { user: 0 }, "user must be a whole number from 1 to 2147483647, got 0"],
  ["a port that does not exist", { port: 65536 }, "port must be a whole number from 1 to 65535, got 65536"],
  [
    "the port of the agent's cache",
    { port: 8200 },
    "port must differ from the port of the agent's cache, 8200, got 8200",
  ],
  ["a port chosen for both", { port: 9000, cacheListenerPort: 9000 }, "cache, 9000, got 9000"],
  [
    "a process name that a shell would take apart",
    { processName: "a; b" },
    'processName must be the name of a program, of letters, digits, dots, dashes and underscores, got "a; b"',
  ],
  [
    "a limit below its request",
    {
      resources: {
        requests: { cpu: Cpu.millis(1), memory: Size.mebibytes(2) },
        limits: { cpu: Cpu.millis(1), memory: Size.mebibytes(1) },
      },
    },
    "the memory limit must be at least the request, 2Mi, got 1Mi",
  ],
])("rejects %s with the value and the construct's path", (_title, change, message) => {
  expect(() => synthesized(change)).toThrow(message);
  expect(() => synthesized(change)).toThrow("[test/Service]");
});

test("rejects the audience of another role", () => {
  expect(() => synthesized({ audience: "other" })).toThrow(
    'asks for, vault, got "other" [test/Service/Injection]',
  );
});

test("returns the Deployment from node.defaultChild", () => {
  const output = synthesize((stack) => {
    const service = build(stack);
    expect(service.node.defaultChild).toBe(service.deployment);
    service.deployment.addOverride("spec.min_ready_seconds", 5);
  });
  expect(output.resource("kubernetes_deployment_v1").spec.min_ready_seconds).toBe(5);
});

test("makes the Deployment and the disruption budget depend on added dependencies", () => {
  const output = synthesize((stack) => {
    const account = new WorkloadServiceAccount(stack, "ServiceAccount", { identity });
    build(stack).node.addDependency(account);
  });
  for (const type of ["kubernetes_deployment_v1", "kubernetes_pod_disruption_budget_v1"]) {
    expect(output.resource(type).depends_on).toEqual([
      expect.stringMatching(/^kubernetes_service_account_v1\.ServiceAccount_[0-9A-F]+$/),
    ]);
  }
});
