import type { EnvironmentDefinition } from "./schema";

/** Pinned here once; an environment that must lag or lead names its own. */
export const images: EnvironmentDefinition["images"] = {
  vault: "hashicorp/vault:1.21.0",
  vaultAgentInjector: "hashicorp/vault-k8s:1.7.6",
  awsCli: "public.ecr.aws/aws-cli/aws-cli:2.31.0",
};

export const chartVersion = "0.34.1";

export const pipeline: EnvironmentDefinition["pipeline"] = { repository: "example/vault-platform" };

/** One person or role per recovery share, so that three of them have to agree. */
export function custodians(account: string): string[] {
  return [1, 2, 3, 4, 5].map((share) => `arn:aws:iam::${account}:role/vault-custodian-${share}`);
}

export const paymentsDatabase = {
  name: "payments-db",
  host: "payments-db.production.svc",
  database: "payments",
  schemas: ["public", "ledger"],
};

export const paymentService = {
  name: "payment-service",
  namespace: "production",
  team: "payments",
  reads: ["payment-service/*"],
  database: { name: "payments-db", access: "read-write" as const },
  certificates: ["payment-service.production.svc"],
};
