import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Resource or data source of a provider package. */
export interface ProviderType {
  readonly kind: "resource" | "data";
  /** Terraform type, for example vault_mount. */
  readonly type: string;
  /** Attributes and nested blocks, each with the code that writes it. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Services of AWS that hold Vault's keys, secrets, snapshots and identities. */
const AWS_SERVICES = /^(data-aws-)?(iam|kms|secretsmanager|s3|eks)/;

/** Types of the provider packages, as their code synthesizes them. */
export function providerTypes(): ProviderType[] {
  return ["vault", "aws", "kubernetes", "helm"].flatMap((provider) => {
    const lib = join(dirname(require.resolve(`@cdktf/provider-${provider}/package.json`)), "lib");
    return readdirSync(lib)
      .filter((folder) => folder !== "provider" && (provider !== "aws" || AWS_SERVICES.test(folder)))
      .filter((folder) => existsSync(join(lib, folder, "index.js")))
      .map((folder) => typeOf(folder, readFileSync(join(lib, folder, "index.js"), "utf8")));
  });
}

function typeOf(folder: string, code: string): ProviderType {
  const type = /\.tfResourceType = "(\w+)"/.exec(code)?.[1];
  const body = /synthesizeAttributes\(\) \{\s+return \{([\s\S]*?)\n {8}\};/.exec(code)?.[1];
  if (type === undefined || body === undefined)
    throw new Error(`${folder} is not a resource as cdktf writes it`);
  return {
    kind: folder.startsWith("data-") ? "data" : "resource",
    type,
    attributes: new Map([...body.matchAll(/^ +(\w+): (.*),$/gm)].map(([, name, writer]) => [name, writer])),
  };
}
