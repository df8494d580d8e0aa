import { evaluate, type IamRequest, type Policies, type Result } from "../../../analysis/aws/evaluate";
import { NO_POLICY, parsePolicy, policyOfDocument } from "../../../analysis/aws/iam-policy";

const ACCOUNT = "111111111111";
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/backup`;

const request = (change: Partial<IamRequest> = {}): IamRequest => ({
  principal: { kind: "role", arn: ROLE, account: ACCOUNT },
  action: "kms:Decrypt",
  resource: KEY,
  resourceAccount: ACCOUNT,
  context: { values: new Map([["aws:principalarn", ROLE]]), isComplete: false },
  ...change,
});
const policy = (...statements: object[]) => parsePolicy({ Version: "2012-10-17", Statement: statements });
const allow = { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" };
const ofKey = (principal: unknown, change: object = {}) =>
  policy({ ...allow, Principal: principal, ...change });
const decide = (policies: Partial<Policies>, change?: Partial<IamRequest>): Result =>
  evaluate(request(change), { identity: NO_POLICY, ...policies }).result;

describe("evaluation of AWS policies", () => {
  it("needs the key policy to name the identity or its account", () => {
    expect(decide({ identity: policy(allow) })).toBe("implicitly denied");
    expect(decide({ identity: policy(allow), resource: ofKey({ Service: "x" }) })).toBe("implicitly denied");
    expect(decide({ identity: policy(allow), resource: ofKey({ AWS: ACCOUNT }) })).toBe("allowed");
    expect(decide({ resource: ofKey({ AWS: ACCOUNT }) })).toBe("implicitly denied");
    expect(decide({ resource: ofKey({ AWS: ROLE }) })).toBe("allowed");
  });

  it("needs both sides across accounts", () => {
    const other = "arn:aws:iam::222222222222:role/x";
    const principal = { kind: "role", arn: other, account: "222222222222" } as const;
    expect(decide({ resource: ofKey({ AWS: other }) }, { principal })).toBe("implicitly denied");
    expect(decide({ identity: policy(allow) }, { principal })).toBe("implicitly denied");
    expect(decide({ identity: policy(allow), resource: ofKey({ AWS: other }) }, { principal })).toBe(
      "allowed",
    );
  });

  it("limits by boundary and service control policies, and denies before it allows", () => {
    const both = { identity: policy(allow), resource: ofKey({ AWS: ACCOUNT }) };
    const other = policy({ ...allow, Action: "s3:*" });
    expect(decide({ ...both, boundary: other })).toBe("implicitly denied");
    expect(decide({ ...both, boundary: policy(allow) })).toBe("allowed");
    expect(decide({ ...both, serviceControl: [policy(allow), other] })).toBe("implicitly denied");
    expect(decide({ ...both, serviceControl: [policy(allow), policy({ ...allow, Effect: "Deny" })] })).toBe(
      "explicitly denied",
    );
  });

  it.each<[string, object]>([
    ["a list", { Action: ["kms:Decrypt"] }],
    ["another case", { Action: "KMS:decrypt" }],
    ["a wildcard", { Action: "kms:De?r*" }],
    ["all actions", { Action: "*" }],
    ["a complement", { Action: undefined, NotAction: "s3:*" }],
    ["a complement of resources", { Resource: undefined, NotResource: "arn:aws:s3:::*" }],
  ])("reads %s as the same permission", (_title, change) => {
    const written = JSON.parse(JSON.stringify({ ...allow, ...change })) as object;
    expect(decide({ identity: policy(written), resource: ofKey({ AWS: ACCOUNT }) })).toBe("allowed");
    // A policy may have one statement without a list, as JSON text.
    const text = JSON.stringify({ Version: "2012-10-17", Statement: written });
    expect(decide({ identity: parsePolicy(text), resource: ofKey({ AWS: ACCOUNT }) })).toBe("allowed");
  });

  it("substitutes policy variables only if the Version supports them", () => {
    const statement = {
      ...allow,
      Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${"${aws:PrincipalTag/key}"}`,
    };
    const values = new Map([["aws:principaltag/key", "1234"]]);
    const change = { context: { values, isComplete: true } };
    const resource = ofKey({ AWS: ACCOUNT });
    expect(decide({ identity: policy(statement), resource }, change)).toBe("allowed");
    expect(decide({ identity: parsePolicy({ Statement: statement }), resource }, change)).toBe(
      "implicitly denied",
    );
  });

  it("does not know what depends on an expression, a condition or a text that cannot be read", () => {
    const resource = ofKey({ AWS: ACCOUNT });
    const unknown = { ...allow, Resource: "{{terraform data.x.y.arn}}" };
    expect(decide({ identity: policy(unknown), resource })).toBe("not known");
    const conditional = { ...allow, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
    expect(decide({ identity: policy(conditional), resource })).toBe("not known");
    expect(decide({ identity: parsePolicy("{{terraform jsonencode(x)}}"), resource })).toBe("not known");
    expect(decide({ identity: policy(allow), resource: parsePolicy("not JSON") })).toBe("not known");
    expect(decide({ identity: policy(allow, { Effect: "deny", Action: "*" }), resource })).toBe("not known");
  });

  it("names the conditions and the statements that decide", () => {
    const denial = {
      ...allow,
      Effect: "Deny",
      Principal: "*",
      Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } },
    };
    const key = policy({ ...allow, Principal: { AWS: ROLE } }, denial);
    const decision = evaluate(request(), { identity: NO_POLICY, resource: key });
    expect(decision).toMatchObject({
      result: "not known",
      ways: [[]],
      denials: [[{ operator: "StringNotEquals", key: "aws:SourceVpc", values: ["vpc-1"] }]],
    });
    expect(decision.statements.map(({ effect }) => effect)).toEqual(["Allow", "Deny"]);
  });
});

describe("aws_iam_policy_document", () => {
  const statement = (sid: string, ...actions: string[]) => ({ sid, actions, resources: ["*"] });
  const sids = (document: object) =>
    policyOfDocument(document as Record<string, unknown>, (it) => parsePolicy(it)).statements.map(
      ({ sid, actions }) => `${sid} ${actions.values.join()}`,
    );
  const json = (sid: string, action: string) =>
    JSON.stringify({ Statement: [{ Sid: sid, Effect: "Allow", Action: action, Resource: "*" }] });

  it("replaces statements of source documents, and lets override documents replace its own, by Sid", () => {
    expect(
      sids({
        statement: [statement("a", "s3:Put*"), statement("b", "s3:Get*")],
        source_policy_documents: [json("a", "s3:*"), json("c", "kms:*")],
        override_policy_documents: [json("b", "s3:List*")],
      }),
    ).toEqual(["a s3:Put*", "c kms:*", "b s3:List*"]);
  });

  it("reads a single block, &{ as a variable and the effect Allow as default", () => {
    const document = { statement: { actions: "s3:*", resources: ["arn:aws:s3:::home/&{aws:username}"] } };
    expect(policyOfDocument(document, () => NO_POLICY).statements).toMatchObject([
      { effect: "Allow", resources: { values: ["arn:aws:s3:::home/${aws:username}"] }, hasVariables: true },
    ]);
  });

  it("returns blocks that it cannot read", () => {
    const dynamic = { dynamic: { condition: {} }, actions: ["s3:*"] };
    expect(policyOfDocument({ statement: [dynamic] }, () => NO_POLICY).unread).toHaveLength(1);
    expect(policyOfDocument({ statement: "{{terraform local.s}}" }, () => NO_POLICY).unread).toHaveLength(1);
  });
});
