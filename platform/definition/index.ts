/** What you write in `environments/`: every field, with its default, unit and an example. */
export * from "./aws-definition";
export * from "./database-definition";
export * from "./deployment-definition";
export * from "./enterprise-definition";
export * from "./environment-definition";
export * from "./kubernetes-definition";
export * from "./network-definition";
export * from "./oidc-definition";
export * from "./secret-reference-definition";
export * from "./service-definition";
export * from "./vault-definition";
