export { CertManager } from "./cert-manager";
export { ExternalSecrets, type IExternalSecrets } from "./external-secrets";
export { type IOperator, Operator, type OperatorChart, type OperatorProps } from "./operator";
