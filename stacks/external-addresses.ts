import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../platform/schema";

/** Command that sets the variables of a platform on this machine, for use with plain cdktf. */
const commandFor = (environment: string) =>
  `eval "$(npm run --silent vault-platform -- env --env ${environment})"`;

/**
 * Adds a Terraform variable for a value that only a running platform can provide. A value from the definition would be
 * wrong on most machines, and Terraform would deploy it. Without the variable, Terraform therefore refuses to plan.
 */
export function addPlatformVariable(
  stack: TerraformStack,
  environment: string,
  { name, type, description }: { name: string; type: "string" | "number"; description: string },
): TerraformVariable {
  const empty = type === "string" ? "" : 0;
  const variable = new TerraformVariable(stack, name, {
    type,
    description,
    default: empty,
    validation: [
      {
        condition: `\${var.${name} != ${JSON.stringify(empty)}}`,
        errorMessage: `${name} must be the value of the running platform ${environment}, got none. Run this first: ${commandFor(environment)}`,
      },
    ],
  });
  variable.overrideLogicalId(name);
  return variable;
}

/**
 * Addresses for a Vault outside the cluster, on one machine. They are Terraform variables, because the platform on that
 * machine chooses ports and creates a CA when it starts.
 */
export class ExternalAddresses extends Construct {
  /** API server, for the Kubernetes auth mount. */
  readonly kubernetes: { readonly host: string; readonly caCertificate: string };
  private readonly caCertificate: string;

  constructor(
    private readonly stack: TerraformStack,
    private readonly environment: Environment,
  ) {
    super(stack, "Outside");
    this.caCertificate = this.variable(
      "platform_ca_certificate",
      "string",
      "Certificate (PEM) of the CA that signs the certificates of the API server and the databases",
    ).stringValue;
    this.kubernetes = {
      host: this.variable("kubernetes_host", "string", "URL of the API server").stringValue,
      caCertificate: this.caCertificate,
    };
  }

  /** Port and CA of a database. */
  database({ name }: Environment["databases"][number]): { port: number; caCertificate: string } {
    const variable = this.variable(`${name.replace(/\W/g, "_")}_port`, "number", `TCP port of ${name}`);
    return { port: Token.asNumber(variable.value), caCertificate: this.caCertificate };
  }

  private variable(name: string, type: "string" | "number", description: string): TerraformVariable {
    return addPlatformVariable(this.stack, this.environment.name, { name, type, description });
  }
}
