import { TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../environments/schema";

/**
 * Where things are for a Vault that runs beside the cluster, on one machine: Terraform variables, because ports are
 * chosen and a CA is made when that machine's platform starts.
 */
export class OutsideAddresses extends Construct {
  /** The API server, as the Kubernetes auth mount wants to know it. */
  readonly kubernetes: { readonly host: string; readonly caCertificate: string };
  private readonly caCertificate: string;

  constructor(scope: Construct, environment: Environment) {
    super(scope, "Outside");
    this.caCertificate = this.variable(
      "platform_ca_certificate",
      "Certificate (PEM) of the CA that signs the API server's and the databases'",
      environment.vault.tls.caCertificates.join("\n"),
    ).stringValue;
    this.kubernetes = {
      host: this.variable("kubernetes_host", "URL of the API server", environment.kubernetes.apiServer)
        .stringValue,
      caCertificate: this.caCertificate,
    };
  }

  /** Port and CA of a database. */
  database({ name, port }: Environment["databases"][number]): { port: number; caCertificate: string } {
    const variable = this.variable(`${name.replace(/\W/g, "_")}_port`, `TCP port of ${name}`, port);
    return { port: Token.asNumber(variable.value), caCertificate: this.caCertificate };
  }

  private variable(name: string, description: string, value: string | number): TerraformVariable {
    const type = typeof value === "number" ? "number" : "string";
    const variable = new TerraformVariable(this, name, { type, description, default: value });
    variable.overrideLogicalId(name);
    return variable;
  }
}
