import { IrsaRole } from "../../constructs/aws/irsa-role";
import { PipelineIamRole, type PipelineIamRoleProps } from "../../constructs/aws/pipeline-iam-role";
import { synthesize } from "../support/synth";

const statements = [{ actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::one"] }];

describe("IrsaRole", () => {
  const withSubject = (namespace: string, name: string, oidcProvider = "oidc.example.com") =>
    synthesize(
      (stack) =>
        new IrsaRole(stack, "Role", {
          roleName: "backup",
          account: "111111111111",
          oidcProvider,
          serviceAccount: { namespace, name },
          statements,
        }),
    );

  test("creates one policy with the given statements and a session limit of an hour", () => {
    const output = withSubject("vault", "backup");
    expect(output.statements("Permissions")).toEqual(statements);
    expect(output.resource("aws_iam_role")).toMatchObject({ name: "backup", max_session_duration: 3600 });
    expect(output.resources("aws_iam_role_policy")).toHaveLength(1);
  });

  test("rejects a wildcard in the ServiceAccount name", () => {
    expect(() => withSubject("vault", "*")).toThrow(
      'without wildcards, got "system:serviceaccount:vault:*" [test/Role]',
    );
  });

  test("rejects an OIDC provider with a scheme", () => {
    expect(() => withSubject("vault", "backup", "https://oidc.example.com")).toThrow(
      'oidcProvider must be "oidc.example.com", the issuer as AWS names it, got "https://oidc.example.com" [test/Role]',
    );
  });
});

describe("PipelineIamRole", () => {
  const withProps = (change: Partial<PipelineIamRoleProps> = {}) =>
    synthesize(
      (stack) =>
        new PipelineIamRole(stack, "Plan", {
          roleName: "plan",
          oidcProviderArn: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
          subjects: ["repo:example/platform:pull_request"],
          statements,
          ...change,
        }),
    );

  test("trusts the given subjects by equality", () => {
    expect(withProps().statements("Trust")[0].condition).toEqual([
      {
        test: "StringEquals",
        variable: "token.actions.githubusercontent.com:aud",
        values: ["sts.amazonaws.com"],
      },
      {
        test: "StringEquals",
        variable: "token.actions.githubusercontent.com:sub",
        values: ["repo:example/platform:pull_request"],
      },
    ]);
  });

  test("creates no cluster access by default", () => {
    expect(withProps().resources("aws_eks_access_entry")).toEqual([]);
  });

  test("creates an access entry with the given Kubernetes group", () => {
    const output = withProps({ clusterAccess: { clusterName: "dev", access: { group: "viewers" } } });
    expect(output.resource("aws_eks_access_entry")).toMatchObject({
      cluster_name: "dev",
      kubernetes_groups: ["viewers"],
    });
    expect(output.resources("aws_eks_access_policy_association")).toEqual([]);
  });

  test("associates the cluster admin policy if access is admin", () => {
    const output = withProps({ clusterAccess: { clusterName: "dev", access: "admin" } });
    expect(output.resource("aws_eks_access_policy_association")).toMatchObject({
      policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      access_scope: { type: "cluster" },
    });
  });

  test("rejects an empty list of subjects", () => {
    expect(() => withProps({ subjects: [] })).toThrow(
      "subjects must name one workflow at least, got none [test/Plan]",
    );
  });

  test.each(["repo:example/*:pull_request", "repo:example/platform:*", "*", "repo:example/platform"])(
    "rejects the subject %s",
    (subject) => {
      expect(() => withProps({ subjects: [subject] })).toThrow(
        `without wildcards, got "${subject}" [test/Plan]`,
      );
    },
  );
});
