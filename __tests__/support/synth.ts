import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";

type Block = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Synthesized Terraform JSON of a stack. */
export class Synthesized {
  constructor(private readonly json: Block) {}

  /** Resources of one type. */
  resources(type: string): Block[] {
    return Object.values(this.json.resource?.[type] ?? {});
  }

  /** Returns the only resource of its type. @throws Error if there is not exactly one */
  resource(type: string): Block {
    const all = this.resources(type);
    if (all.length !== 1) throw new Error(`expected one ${type}, got ${all.length}`);
    return all[0];
  }

  /** Statements of the policy document at a construct path such as `Unseal/KeyPolicy`. */
  statements(path: string): Block[] {
    const documents: [string, Block][] = Object.entries(this.json.data?.aws_iam_policy_document ?? {});
    const logicalId = new RegExp(`(^|_)${path.replaceAll("/", "_")}_[0-9A-F]{8}$`);
    const document = documents.find(([id]) => logicalId.test(id))?.[1];
    if (!document) throw new Error(`no policy document at ${path}`);
    return document.statement;
  }
}

/** Synthesizes a stack with an AWS provider. */
export function synthesize(build: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new AwsProvider(stack, "Aws", { region: "us-east-1" });
  build(stack);
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}
