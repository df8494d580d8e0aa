import { TerraformStack, Testing } from "cdktf";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Synthesized } from "../support/synth";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Stack for job constructs. */
export function jobStack(build: (stack: TerraformStack) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  new KubernetesProvider(stack, "Kubernetes", { host: "https://127.0.0.1:1", token: "none" });
  build(stack);
  return stack;
}

/** Synthesizes a stack with job constructs. */
export function synthesizeJob(build: (stack: TerraformStack) => void): Synthesized {
  return new Synthesized(JSON.parse(Testing.synth(jobStack(build))));
}

/** Pod of a Job or CronJob, with its containers in execution order. */
export function podOf(body: Block): { spec: Block; labels: Block; containers: Block[] } {
  const job = body.spec.job_template?.spec ?? body.spec;
  const { spec, metadata } = job.template;
  return {
    spec,
    labels: metadata.labels,
    containers: [...(spec.init_container ?? []), ...spec.container],
  };
}

/** Environment variables of a container. */
export function environmentOf(container: Block): Record<string, string> {
  return Object.fromEntries(
    container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
}
