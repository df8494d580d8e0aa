import { json } from "../support/aws-edits";
import type { Stack } from "../support/golden-platform";
import { testDangerous } from "../support/matrix";
import type { Production } from "../support/production";

const BACKUP = "production-vault-backup";
const EVERYTHING = { Effect: "Allow", Action: "*", Resource: "*" };

const role = (production: Production, name: string) => production.resource("aws_iam_role", name);
const inline = (production: Production, ...statements: object[]) =>
  production.add("aws_iam_role_policy", { role: BACKUP, policy: json(...statements) });

describe("access diff of production: roles, users and policies of AWS", () => {
  testDangerous([
    [
      "all roles lose their boundary",
      (production) => {
        for (const it of Object.values(production.all("aws_iam_role")) as Stack[])
          delete it.permissions_boundary;
      },
      "boundary",
      "protection",
    ],
    [
      "the boundary permits everything",
      (production) => production.statements("BoundaryDocument").push({ actions: ["*"], resources: ["*"] }),
      "protection",
    ],
    [
      "a role has another boundary",
      (production) =>
        (role(production, "Backup").permissions_boundary = "arn:aws:iam::aws:policy/AdministratorAccess"),
      BACKUP,
      "protection",
    ],
    [
      "a user with everything",
      (production) => {
        production.add("aws_iam_user", { name: "eve" });
        production.add("aws_iam_user_policy", { user: "eve", policy: json(EVERYTHING) });
      },
      "eve",
      "root",
    ],
    [
      "a user of AdministratorAccess",
      (production) => {
        production.add("aws_iam_user", { name: "eve" });
        production.add("aws_iam_user_policy_attachment", {
          user: "eve",
          policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
        });
      },
      "eve",
      "root",
    ],
    [
      "a password of a user",
      (production) => production.add("aws_iam_user_login_profile", { user: "eve" }),
      "login_profile",
    ],
    [
      "a user in a group",
      (production) => production.add("aws_iam_user_group_membership", { user: "eve", groups: ["admins"] }),
      "membership",
    ],
    [
      "a group with everything",
      (production) => {
        production.add("aws_iam_group", { name: "all" });
        production.add("aws_iam_group_policy", { group: "all", policy: json(EVERYTHING) });
      },
      "all",
      "root",
    ],
    [
      "everything in JSON with one value each",
      (production) => inline(production, EVERYTHING),
      BACKUP,
      "root",
    ],
    [
      "everything by jsonencode",
      (production) =>
        production.add("aws_iam_role_policy", {
          role: BACKUP,
          policy:
            '${jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", Action = "*", Resource = "*"}]})}',
        }),
      BACKUP,
      "root",
    ],
    [
      "everything but one action",
      (production) => inline(production, { Effect: "Allow", NotAction: "s3:PutObject", Resource: "*" }),
      BACKUP,
      "root",
    ],
    [
      "everything but one object",
      (production) =>
        inline(production, { Effect: "Allow", Action: "kms:*", NotResource: "arn:aws:kms:::key/x" }),
      BACKUP,
      "unseal key",
    ],
    [
      "an attachment of a policy to several",
      (production) =>
        production.add("aws_iam_policy_attachment", {
          name: "x",
          roles: [BACKUP],
          policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
      BACKUP,
    ],
    [
      "a managed policy whose text is not known",
      (production) =>
        production.add("aws_iam_role_policy_attachment", {
          role: BACKUP,
          policy_arn: "arn:aws:iam::333333333333:policy/other",
        }),
      BACKUP,
      "unreadable",
    ],
    [
      "a role may pass roles",
      (production) => inline(production, { Effect: "Allow", Action: "iam:PassRole", Resource: "*" }),
      BACKUP,
    ],
    [
      "a role may write policies",
      (production) => inline(production, { Effect: "Allow", Action: "iam:PutRolePolicy", Resource: "*" }),
      BACKUP,
    ],
    [
      "a role may assume the one that unseals",
      (production) =>
        inline(production, {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Resource: "arn:aws:iam::333333333333:role/*",
        }),
      BACKUP,
    ],
    [
      "the deployment may write roles without a boundary",
      (production) => {
        for (const it of production.statements("Deploy_Permissions")) {
          if (JSON.stringify(it.actions).includes("iam:")) delete it.condition;
        }
      },
      "production-vault-deploy",
    ],
  ]);
});
