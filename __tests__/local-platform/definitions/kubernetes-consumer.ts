import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubernetesApi, KubernetesObject } from "../../../local/kubernetes";
import { names } from "../../../local/platform";
import { sayMissing } from "../../support/needs";
import { type Consumer, Tried } from "./consumer";
import { objectsOf } from "./kubernetes-objects";
import type { Accepted } from "./synthesis";

/** Namespace for all objects: a dry run requires an existing one. */
const NAMESPACE = names.namespace;

const CLUSTER_KINDS =
  /^(Namespace|ClusterRole|ClusterRoleBinding|PriorityClass|StorageClass|ClusterSecretStore|ClusterIssuer|Bundle)$/;

const BUILT_IN = /^(v1|(apps|batch|policy|[a-z.]+\.k8s\.io)\/v1)$/;

/** API server: tries every object with `--dry-run=server` and rejects unknown fields. */
export class KubernetesConsumer implements Consumer {
  private readonly tried = new Tried();
  private readonly definitions = new Set<string>();

  static async start(api: KubernetesApi): Promise<KubernetesConsumer> {
    const consumer = new KubernetesConsumer(api);
    for (const definition of definitionsAtHand()) await consumer.install(definition);
    return consumer;
  }

  private constructor(private readonly api: KubernetesApi) {}

  /** Number of distinct objects that were tried. */
  count = 0;

  async problemsOf({ stacks }: Accepted): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const stack of Object.values(stacks)) {
      for (const { address, object } of objectsOf(stack)) {
        const problem = await this.tried.once(object, () => this.problemOf(object));
        if (problem) problems.push(`${address}: ${problem}`);
      }
    }
    return problems;
  }

  async stop(): Promise<void> {
    for (const name of this.definitions) {
      await this.api.request("DELETE", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
    }
  }

  private async problemOf(object: KubernetesObject): Promise<string | undefined> {
    this.count++;
    const plural = `${object.kind.toLowerCase()}s`.replace(/cys$/, "cies").replace(/sss$/, "sses");
    const group = object.apiVersion.includes("/") ? `apis/${object.apiVersion}` : `api/${object.apiVersion}`;
    const isClusterWide = CLUSTER_KINDS.test(object.kind);
    if (!BUILT_IN.test(object.apiVersion)) await this.declare(object, plural, isClusterWide);
    const place = isClusterWide ? "" : `/namespaces/${NAMESPACE}`;
    const metadata = { ...object.metadata, namespace: isClusterWide ? undefined : NAMESPACE };
    const query = "dryRun=All&fieldValidation=Strict&fieldManager=definitions&force=true";
    const path = `/${group}${place}/${plural}/${encodeURIComponent(object.metadata.name)}?${query}`;
    try {
      await this.api.request("PATCH", path, { ...object, metadata }, "application/apply-patch+yaml");
      return undefined;
    } catch (error) {
      const { message } = error as Error;
      return /"message":("(?:[^"\\]|\\.)*")/.exec(message)?.[1] ?? message;
    }
  }

  /**
   * Installs a definition that accepts any content if the operator's own is not available. The API server then only
   * validates names, labels and annotations.
   */
  private async declare(
    { apiVersion, kind }: KubernetesObject,
    plural: string,
    isClusterWide: boolean,
  ): Promise<void> {
    const [group, version] = apiVersion.split("/");
    const schema = {
      openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    };
    await this.install({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: isClusterWide ? "Cluster" : "Namespaced",
        names: { kind, plural, singular: kind.toLowerCase() },
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    });
    await this.isServed(`/apis/${group}/${version}/${plural}`);
  }

  private async install(definition: KubernetesObject): Promise<void> {
    if (this.definitions.has(definition.metadata.name)) return;
    this.definitions.add(definition.metadata.name);
    await this.api.apply(definition, "customresourcedefinitions");
  }

  private async isServed(path: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.api.request("GET", path);
        return;
      } catch (error) {
        if (attempt === 100) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }
}

/** Custom resource definitions of cert-manager, External Secrets and others, from the YAML files in `$CHARTS/crds`. */
function definitionsAtHand(): KubernetesObject[] {
  const folder = process.env.CHARTS && join(process.env.CHARTS, "crds");
  if (!folder || !existsSync(folder)) {
    sayMissing("the contents of custom resources: there is no folder crds below the one that CHARTS names");
    return [];
  }
  return readdirSync(folder)
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), "utf8")))
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object?.kind === "CustomResourceDefinition") as KubernetesObject[];
}
