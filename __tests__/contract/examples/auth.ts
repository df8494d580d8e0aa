import * as api from "../../../constructs";
import { exampleCa } from "../../../environments/shared";
import { type Example, type World, call, construct } from "./world";

const { Duration } = api;

const mount = () => ({ defaultTtl: Duration.hours(1), maxTtl: Duration.hours(24), importExisting: false });

const ownPolicy = (world: World) => {
  const id = world.nextId();
  return new api.Policy(world.stack, id, { policyName: id.toLowerCase() });
};

const role = (world: World) => ({
  ttl: Duration.hours(1),
  maxTtl: Duration.hours(2),
  additionalPolicies: [world.policy],
  importExisting: false,
});

const rule = (world: World) => ({
  path: "secret/data/payment-service/*",
  capabilities: ["create"],
  reason: "writes secrets",
  grantedBy: world.stack,
  allowedParameters: { kind: ["a"] },
  deniedParameters: { other: ["b"] },
  requiredParameters: ["kind"],
  allowSudo: false,
  allowEveryMount: false,
  narrows: false,
  namespace: "teams",
});

/** Calls a method that adds a rule. */
const ruled = (method: "grant" | "addCustomRule", on: (world: World) => api.IGrantee | api.Policy): Example =>
  call(
    (world, value: never) => (on(world) as api.Policy)[method](value),
    (world) => [rule(world)],
  );

const access = (grant: typeof api.grantPlan): Example =>
  call(
    (_, grantee: never, parts: never, scope: never) => grant(grantee, parts, scope),
    (world) => [world.grantee, [world.keyValue], { namespacesBelow: "teams" }],
  );

/** Construct that accepts a policy from elsewhere. */
const bound = (world: World, policy: api.IPolicy) =>
  new api.K8sAuthBinding(world.stack, world.nextId(), {
    auth: world.kubernetesAuth,
    serviceAccount: { name: world.nextId().toLowerCase(), namespace: "production" },
    additionalPolicies: [policy],
    policy: world.policy,
  });

const group = (world: World) => {
  const id = world.nextId();
  return new api.OidcGroup(world.stack, id, { auth: world.oidcAuth, groupName: id.toLowerCase(), group: id });
};

/** Examples of auth methods, policies and grants. */
export const authExamples: Readonly<Record<string, Example>> = {
  AwsAuth: construct(api.AwsAuth, () => ({
    ...mount(),
    path: "aws",
    region: "us-east-1",
    serverId: "vault.example.com",
    description: "Logins of AWS",
  })),
  AwsAuthRole: construct(api.AwsAuthRole, (world) => ({
    ...role(world),
    auth: world.awsAuth,
    roleName: "plan",
    principalArn: "arn:aws:iam::111111111111:role/plan",
    resolveUniqueIds: true,
    policy: ownPolicy(world),
  })),
  "AwsAuthRole with a period": construct(api.AwsAuthRole, (world) => ({
    auth: world.awsAuth,
    roleName: "plan",
    principalArn: "arn:aws:iam::111111111111:role/plan",
    period: Duration.hours(1),
  })),
  GithubAuthRole: construct(api.GithubAuthRole, (world) => ({
    ...role(world),
    auth: world.jwtAuth,
    roleName: "deploy",
    repository: "example/platform",
    refs: ["refs/heads/main"],
    environments: ["production"],
    audience: "https://vault.example.com",
  })),
  "GithubAuthRole by subjects": construct(api.GithubAuthRole, (world) => ({
    ...role(world),
    auth: world.jwtAuth,
    roleName: "deploy",
    repository: "example/platform",
    subjects: ["repo:example/platform:environment:production"],
    policy: ownPolicy(world),
  })),
  "GithubAuthRole with a period": construct(api.GithubAuthRole, (world) => ({
    auth: world.jwtAuth,
    roleName: "deploy",
    repository: "example/platform",
    refs: ["refs/heads/main"],
    period: Duration.hours(1),
  })),
  grantAdmin: access(api.grantAdmin),
  grantAuditor: access(api.grantAuditor),
  grantDeploy: access(api.grantDeploy),
  grantOperator: access(api.grantOperator),
  grantPlan: access(api.grantPlan),
  grantsOf: call(
    (_, scope: never) => api.grantsOf(scope),
    (world) => [world.stack],
  ),
  inNamespace: call(
    (_, grantee: never, namespace: never) =>
      api.inNamespace(grantee, namespace).grant({
        path: "secret/data/*",
        capabilities: ["read"],
        reason: "reads",
      }),
    (world) => [world.grantee, "teams/payments"],
  ),
  JwtAuth: construct(api.JwtAuth, () => ({
    ...mount(),
    path: "gitlab",
    issuer: "https://gitlab.example.com",
    caCertificate: exampleCa,
    description: "Logins of pipelines",
  })),
  K8sAuthBinding: construct(api.K8sAuthBinding, (world) => ({
    ...role(world),
    policy: ownPolicy(world),
    auth: world.kubernetesAuth,
    serviceAccount: { name: "payment-service", namespace: "production" },
    roleName: "payment-service",
    audience: "vault",
  })),
  "K8sAuthBinding with a period": construct(api.K8sAuthBinding, (world) => ({
    auth: world.kubernetesAuth,
    serviceAccount: { name: "payment-service", namespace: "production" },
    period: Duration.hours(1),
  })),
  "AuthRole.grant": ruled("grant", (world) => world.grantee),
  "AuthRole.addCustomRule": ruled("addCustomRule", (world) => world.grantee),
  KubernetesAuth: construct(api.KubernetesAuth, () => ({
    ...mount(),
    path: "k8s",
    host: "https://kubernetes.example.com",
    caCertificate: exampleCa,
    description: "Logins of pods",
  })),
  "KubernetesAuth.fromAttributes": call(
    (world, attributes: never) =>
      new api.K8sAuthBinding(world.stack, world.nextId(), {
        auth: api.KubernetesAuth.fromAttributes(world.stack, world.nextId(), attributes),
        serviceAccount: { name: "payment-service", namespace: "production" },
        policy: world.policy,
      }),
    () => [{ path: "k8s", maxTtl: Duration.hours(24) }],
  ),
  LoginMfa: construct(api.LoginMfa, (world) => ({
    enforcementName: "people",
    issuer: "Vault",
    groups: [group(world)],
  })),
  OidcAuth: construct(api.OidcAuth, () => ({
    ...mount(),
    path: "sso",
    issuer: "https://sso.example.com",
    clientId: "vault",
    addresses: ["https://vault.example.com"],
    caCertificate: exampleCa,
    groupsClaim: "groups",
    scopes: ["profile"],
    userClaim: "sub",
    boundClaims: { hd: ["example.com"] },
    claimMappings: { email: "email" },
    roleName: "people",
    ttl: Duration.hours(1),
    loginMaxTtl: Duration.hours(8),
    description: "Logins of people",
  })),
  "OidcAuth of Entra ID": construct(api.OidcAuth, () => ({
    path: "entra",
    issuer: "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
    clientId: "vault",
    addresses: ["https://vault.example.com"],
    scopes: ["profile"],
    providerConfig: { provider: "azure" },
  })),
  "OidcAuth.admit": call(
    (world, admitted: never, isImported: never) => world.oidcAuth.admit(admitted, isImported),
    () => ["platform-admins", false],
  ),
  OidcGroup: construct(api.OidcGroup, (world) => ({
    auth: world.oidcAuth,
    groupName: "admins",
    group: "platform-admins",
    additionalPolicies: [world.policy],
    importExisting: false,
  })),
  "OidcGroup of several groups": construct(api.OidcGroup, (world) => ({
    auth: world.oidcAuth,
    groupName: "admins",
    group: ["platform-admins"],
    policy: ownPolicy(world),
  })),
  "OidcGroup.grant": ruled("grant", group),
  "OidcGroup.addCustomRule": ruled("addCustomRule", group),
  PasswordPolicy: construct(api.PasswordPolicy, () => ({
    passwordPolicyName: "database",
    length: 32,
    symbols: "-_",
    importExisting: false,
  })),
  "PasswordPolicy.fromPasswordPolicyName": call(
    (world, name: never) =>
      new api.StaticPostgresRole(world.stack, world.nextId(), {
        database: world.database,
        roleName: "report",
        userName: "report",
        passwordPolicy: api.PasswordPolicy.fromPasswordPolicyName(world.stack, world.nextId(), name),
      }),
    () => ["database"],
  ),
  Policy: construct(api.Policy, () => ({ policyName: "payments", importExisting: false })),
  "Policy with a document": construct(api.Policy, () => ({
    policyName: "payments",
    document: 'path "secret/data/*" {\n  capabilities = ["read"]\n}\n',
    importExisting: true,
  })),
  "Policy.grant": ruled("grant", (world) => world.policy),
  "Policy.addCustomRule": ruled("addCustomRule", (world) => world.policy),
  "Policy.fromPolicyName": call(
    (world, name: never) => bound(world, api.Policy.fromPolicyName(world.stack, world.nextId(), name)),
    () => ["payments"],
  ),
  RateLimitQuota: construct(api.RateLimitQuota, () => ({
    quotaName: "logins",
    rate: 100,
    interval: Duration.seconds(1),
    path: "auth/kubernetes/login",
    blockInterval: Duration.minutes(1),
    importExisting: false,
  })),
  UserLockout: construct(api.UserLockout, () => ({
    auth: { pathReference: "ldap" },
    method: "ldap",
    threshold: 5,
    duration: Duration.minutes(15),
    counterReset: Duration.minutes(15),
  })),
};
