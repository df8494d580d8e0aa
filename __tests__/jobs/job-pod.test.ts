import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { JobPod } from "../../constructs/jobs/job-pod";
import type { JobPodProps } from "../../constructs/jobs/job-pod-props";
import { waitedFor } from "../../constructs/jobs/job-run";
import { vaultAt } from "../../constructs/server/vault";
import { Cpu } from "../../constructs/core/cpu";
import { Duration } from "../../constructs/core/duration";
import { Size } from "../../constructs/core/size";
import { environmentOf, podOf, synthesizeJob } from "./jobs";

const props: JobPodProps = {
  vault: vaultAt(),
  component: "backup",
  serviceAccountName: "vault-backup",
  timeout: Duration.minutes(10),
  steps: [
    { name: "first", image: "hashicorp/vault:1.21.0", script: "backup-save.sh", vaultAccess: true },
    { name: "second", image: "aws-cli:2.31.0", script: "backup-upload.sh" },
  ],
};

let pod: JobPod;
const withProps = (change: Partial<JobPodProps> = {}) =>
  synthesizeJob((stack) => {
    pod = new JobPod(stack, "Pod", { ...props, ...change });
    new JobV1(stack, "Job", { metadata: { name: "job", namespace: "vault" }, ...waitedFor(pod, 0) });
  });
const parts = (change?: Partial<JobPodProps>) => podOf(withProps(change).resource("kubernetes_job_v1"));
const volumes = (change?: Partial<JobPodProps>) =>
  Object.fromEntries(
    parts(change).spec.volume.map(({ name, ...volume }: { name: string }) => [name, volume]),
  );

test("restricts the pod: no root, no privileges, no writable root filesystem", () => {
  const { spec, containers } = parts();
  expect(spec.security_context).toEqual({
    run_as_non_root: true,
    run_as_user: "100",
    run_as_group: "1000",
    fs_group: "1000",
    seccomp_profile: { type: "RuntimeDefault" },
  });
  for (const { security_context } of containers) {
    expect(security_context).toEqual({
      allow_privilege_escalation: false,
      read_only_root_filesystem: true,
      run_as_non_root: true,
      capabilities: { drop: ["ALL"] },
    });
  }
});

test("mounts no token into a pod or a step that does not request one", () => {
  const output = withProps();
  const { spec, containers } = podOf(output.resource("kubernetes_job_v1"));
  expect(spec.automount_service_account_token).toBe(false);
  expect(spec.enable_service_links).toBe(false);
  expect(output.resource("kubernetes_service_account_v1").automount_service_account_token).toBe(false);
  expect(volumes()).not.toHaveProperty("kubernetes-token");
  expect(containers[1].volume_mount.map(({ name }: { name: string }) => name)).toEqual([
    "scripts",
    "work",
    "tmp",
  ]);
});

test("gives a step with access to Vault a ten-minute token for Vault and the CA", () => {
  const { containers } = parts();
  expect(volumes()["vault-token"]).toEqual({
    projected: [
      {
        default_mode: "0440",
        sources: [{ service_account_token: { audience: "vault", expiration_seconds: 600, path: "token" } }],
      },
    ],
  });
  expect(volumes()["vault-ca"]).toEqual({ config_map: { name: "vault-ca", default_mode: "0444" } });
  expect(environmentOf(containers[0])).toMatchObject({
    VAULT_ADDR: "https://vault-active.vault.svc:8200",
    VAULT_CACERT: "/vault/ca/ca.crt",
  });
  expect(environmentOf(containers[1])).not.toHaveProperty("VAULT_ADDR");
});

test("mounts a token for the API server at the default path of clients", () => {
  const steps = [{ ...props.steps[0], kubernetesAccess: true }];
  const { containers } = parts({ steps });
  expect(containers[0].volume_mount).toContainEqual({
    name: "kubernetes-token",
    mount_path: "/var/run/secrets/kubernetes.io/serviceaccount",
    read_only: true,
  });
  expect(volumes({ steps })["kubernetes-token"].projected[0].sources).toEqual([
    { service_account_token: { expiration_seconds: 600, path: "token" } },
    { config_map: [{ name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] }] },
    { downward_api: { items: [{ path: "namespace", field_ref: { field_path: "metadata.namespace" } }] } },
  ]);
});

test("keeps the shared folder and temporary files in memory", () => {
  const memory = { empty_dir: { medium: "Memory", size_limit: "16Mi" } };
  expect(volumes()).toMatchObject({ work: memory, tmp: memory });
});

test("runs the steps in order, the last one as the pod's container", () => {
  const { spec } = parts();
  expect(spec.init_container.map(({ name }: { name: string }) => name)).toEqual(["first"]);
  expect(spec.container.map(({ name }: { name: string }) => name)).toEqual(["second"]);
  expect(spec.container[0].command).toEqual(["sh", "/scripts/backup-upload.sh"]);
});

test("keeps a failed pod and uses the end of its log as the termination message", () => {
  const { spec, containers } = parts();
  expect(spec.restart_policy).toBe("Never");
  for (const container of containers) {
    expect(container.termination_message_policy).toBe("FallbackToLogsOnError");
  }
});

test("sets requests and limits of every container, by default for the vault command", () => {
  const resources = {
    requests: { cpu: Cpu.millis(10), memory: Size.mebibytes(32) },
    limits: { cpu: Cpu.units(1), memory: Size.mebibytes(64) },
  };
  const { containers } = parts({ steps: [props.steps[0], { ...props.steps[1], resources }] });
  expect(containers.map((container) => container.resources)).toEqual([
    { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
    { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1", memory: "64Mi" } },
  ]);
});

test("sets the AWS role on the ServiceAccount and disables the node's metadata", () => {
  const output = withProps({ roleArn: "arn:aws:iam::111111111111:role/backup", region: "eu-west-1" });
  expect(output.resource("kubernetes_service_account_v1").metadata.annotations).toEqual({
    "eks.amazonaws.com/role-arn": "arn:aws:iam::111111111111:role/backup",
  });
  const { containers } = podOf(output.resource("kubernetes_job_v1"));
  expect(environmentOf(containers[1])).toMatchObject({
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_REGION: "eu-west-1",
    AWS_STS_REGIONAL_ENDPOINTS: "regional",
  });
});

test("labels the pod", () => {
  expect(parts().labels).toEqual({
    "app.kubernetes.io/name": "vault-backup",
    "app.kubernetes.io/component": "backup",
    "app.kubernetes.io/part-of": "vault-platform",
    "app.kubernetes.io/managed-by": "terraform",
    "vault-platform/component": "backup",
  });
});

test("escapes Terraform templates in scripts and texts", () => {
  const { data } = withProps({ texts: { "a.hcl": 'x = "${y}" %{ z' } }).resource("kubernetes_config_map_v1");
  expect(Object.keys(data)).toEqual(["a.hcl", "backup-save.sh", "backup-upload.sh", "common.sh"]);
  expect(data["a.hcl"]).toBe('x = "$${y}" %%{ z');
  expect(data["backup-save.sh"]).toContain("$${index:-0}");
});

test("keeps additional volumes on the node's disk with a size limit", () => {
  const volume = { name: "snapshot", mountPath: "/snapshot", size: Size.gibibytes(1) };
  expect(volumes({ volumes: [volume] }).snapshot).toEqual({ empty_dir: { size_limit: "1Gi" } });
  expect(parts({ volumes: [volume] }).containers[0].volume_mount).toContainEqual({
    name: "snapshot",
    mount_path: "/snapshot",
  });
});

test("ends the scripts' time one minute before the pod's deadline", () => {
  const output = withProps({ timeout: Duration.minutes(20) });
  const job = output.resource("kubernetes_job_v1");
  expect(job.spec.active_deadline_seconds).toBe(1200);
  expect(environmentOf(podOf(job).containers[0]).TIMEOUT_SECONDS).toBe("1140");
});

test("lets Terraform wait longer than the Job's deadline and never deletes the Job", () => {
  const job = withProps().resource("kubernetes_job_v1");
  expect(job.wait_for_completion).toBe(true);
  expect(job.timeouts).toEqual({ create: "720s", update: "720s" });
  expect(job.spec).not.toHaveProperty("ttl_seconds_after_finished");
});

test("does not retry exit code 64 and ignores pods of drained nodes", () => {
  const { pod_failure_policy } = withProps().resource("kubernetes_job_v1").spec;
  expect(pod_failure_policy.rule).toEqual([
    { action: "FailJob", on_exit_codes: { container_name: "first", operator: "In", values: [64] } },
    { action: "FailJob", on_exit_codes: { container_name: "second", operator: "In", values: [64] } },
    { action: "Ignore", on_pod_condition: [{ type: "DisruptionTarget", status: "True" }] },
  ]);
});

test("changes the fingerprint with texts, steps and timeout only", () => {
  withProps();
  const before = pod.fingerprint;
  expect(before).toMatch(/^[0-9a-f]{8}$/);
  withProps({ gracePeriodSeconds: 60 });
  expect(pod.fingerprint).toBe(before);
  for (const change of [
    { texts: { "a.hcl": "x" } },
    { timeout: Duration.minutes(11) },
    { steps: [{ ...props.steps[0], environment: { A: "b" } }, props.steps[1]] },
  ]) {
    withProps(change);
    expect(pod.fingerprint).not.toBe(before);
  }
});

test("accepts a timeout of five minutes", () => {
  expect(parts({ timeout: Duration.minutes(5) }).containers).toHaveLength(2);
});

test.each<[string, Partial<JobPodProps>, string]>([
  ["four minutes", { timeout: Duration.minutes(4) }, "timeout must be 5 minutes or more, got 4m"],
  [
    "an image without a version",
    { steps: [{ ...props.steps[0], image: "hashicorp/vault" }] },
    'image must be an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow, got "hashicorp/vault"',
  ],
  [
    "a limit below its request",
    {
      steps: [
        {
          ...props.steps[0],
          resources: {
            requests: { cpu: Cpu.units(1), memory: Size.mebibytes(64) },
            limits: { cpu: Cpu.millis(500), memory: Size.mebibytes(64) },
          },
        },
      ],
    },
    "the CPU limit must be at least the request, 1, got 500m",
  ],
])("rejects %s", (_title, change, message) => {
  expect(() => withProps(change)).toThrow(message);
  expect(() => withProps(change)).toThrow("[test/Pod]");
});

test("mounts the client certificate only into steps with access to Vault", () => {
  const change = { vault: { ...vaultAt(), clientCertificateSecret: "vault-tls" } };
  expect(volumes(change)["vault-client"]).toEqual({
    secret: { secret_name: "vault-tls", default_mode: "0440" },
  });
  const [reaching, other] = parts(change).containers;
  expect(environmentOf(reaching)).toMatchObject({
    VAULT_CLIENT_CERT: "/vault/client/tls.crt",
    VAULT_CLIENT_KEY: "/vault/client/tls.key",
  });
  expect(JSON.stringify(reaching.volume_mount)).toContain("/vault/client");
  expect(JSON.stringify(other)).not.toContain("vault-client");
  expect(JSON.stringify(parts())).not.toContain("vault-client");
});
