import { all, any, arnSegments, holds, literalParts, type RequestContext, variableIn } from "./conditions";
import type { IamPolicy, IamStatement, Selection } from "./iam-policy";
import { type Answer, NO_VARIABLES, type Part, hasUnknown, matches, partsOf } from "./pattern";
import { type Residual, both, either } from "./residual";

/** Identity that makes a request. */
export type Principal =
  | { readonly kind: "role" | "user"; readonly arn: string; readonly account: string }
  | { readonly kind: "service"; readonly name: string }
  | { readonly kind: "anonymous" };

/** Request to AWS. */
export interface IamRequest {
  /** Identity that makes the request. */
  readonly principal: Principal;
  /** Action, such as `kms:Decrypt`. */
  readonly action: string;
  /** ARN of the resource. */
  readonly resource: string;
  /** Account of the resource. */
  readonly resourceAccount: string;
  /** Condition keys. */
  readonly context: RequestContext;
}

/** Policies that decide a request. */
export interface Policies {
  /** Policies of the identity and its groups, joined. */
  readonly identity: IamPolicy;
  /** Permissions boundary. @default - none: it limits nothing */
  readonly boundary?: IamPolicy;
  /** Policy of the resource; for a role its trust policy. @default - none */
  readonly resource?: IamPolicy;
  /** Service control policies of the identity's account: one list per level. @default - none */
  readonly serviceControl?: readonly IamPolicy[];
}

/** Result of an evaluation. */
export type Result = "allowed" | "explicitly denied" | "implicitly denied" | "not known";

/** Result, with the conditions that remain and the statements that decided. */
export interface Decision {
  /** Result of the evaluation. */
  readonly result: Result;
  /** Alternatives that allow the request, each with its remaining conditions. */
  readonly ways: readonly Residual[];
  /** Denials, each with its remaining conditions. */
  readonly denials: readonly Residual[];
  /** Statements that allow or deny the request, or can do so. */
  readonly statements: readonly IamStatement[];
}

/**
 * Decides a request as AWS does: a denial anywhere wins; the identity or the resource must allow, across accounts both;
 * boundaries and service control policies limit. A KMS key's policy must allow the account or the identity itself.
 * Session policies are not evaluated.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(request: IamRequest, policies: Policies): Decision {
  const { principal } = request;
  const identity = effects(request, policies.identity, "identity");
  const boundary = policies.boundary && effects(request, policies.boundary, "identity");
  const resource = policies.resource
    ? effects(request, policies.resource, "resource", policies.boundary !== undefined)
    : NO_EFFECTS;
  const levels = (policies.serviceControl ?? []).map((it) => effects(request, it, "control"));
  const parts = [identity, resource, ...(boundary ? [boundary] : []), ...levels];
  const denials = either(...parts.map((it) => it.denials));
  const ways = levels.reduce<readonly Residual[]>((ways, level) => both(ways, level.allows), allowed());

  function allowed(): readonly Residual[] {
    if (principal.kind === "anonymous" || principal.kind === "service") return resource.allows;
    const limit: readonly Residual[] = boundary ? boundary.allows : [[]];
    if (principal.account !== request.resourceAccount) {
      const granted = either(resource.allows, resource.accountAllows);
      return both(both(granted, identity.allows), limit);
    }
    const trusted = needsAccountGrant(request, policies) ? resource.accountAllows : [[]];
    const limited = both(either(resource.allows, both(trusted, identity.allows)), limit);
    return either(limited, resource.unlimitedAllows);
  }

  return {
    result: resultOf(ways, denials),
    ways,
    denials,
    statements: parts.flatMap((it) => it.statements),
  };
}

function resultOf(ways: readonly Residual[], denials: readonly Residual[]): Result {
  if (denials.some((it) => it.length === 0)) return "explicitly denied";
  if (ways.length === 0) return "implicitly denied";
  return denials.length === 0 && ways.some((it) => it.length === 0) ? "allowed" : "not known";
}

/** Keys and roles do not trust the policies of their account unless their own policy says so. */
function needsAccountGrant({ action, resource }: IamRequest, policies: Policies): boolean {
  if (/^kms:/i.test(action)) return arnSegments(resource)[5]?.toLowerCase().startsWith("key/") ?? true;
  return /^sts:/i.test(action) && policies.resource !== undefined;
}

/** What the statements of one policy do to a request. */
interface Effects {
  readonly allows: readonly Residual[];
  /** Grants to the account of the identity, which its own policies have to pass on. */
  readonly accountAllows: readonly Residual[];
  /** Grants that a boundary does not limit. */
  readonly unlimitedAllows: readonly Residual[];
  readonly denials: readonly Residual[];
  readonly statements: readonly IamStatement[];
}

const NO_EFFECTS: Effects = {
  allows: [],
  accountAllows: [],
  unlimitedAllows: [],
  denials: [],
  statements: [],
};

/** Kind of a policy: patterns of incomplete ARNs have different meanings. */
type PolicyKind = "identity" | "resource" | "control";

function effects(request: IamRequest, policy: IamPolicy, kind: PolicyKind, isBounded = false): Effects {
  const allows: Residual[] = [];
  const accountAllows: Residual[] = [];
  const unlimitedAllows: Residual[] = [];
  const denials: Residual[] = [];
  const statements: IamStatement[] = [];
  for (const text of policy.unread) {
    const unread: Residual = [
      { operator: "unknown", key: `a policy that cannot be read: ${text}`, values: [] },
    ];
    allows.push(unread);
    denials.push(unread);
  }
  for (const statement of policy.statements) {
    const { principal } = statement.principals || kind !== "resource" ? request : { principal: undefined };
    if (!principal) continue;
    const match =
      kind === "resource" ? principalMatch(statement, request, isBounded) : ({ answer: "yes" } as const);
    if (match.answer === "no") continue;
    const rest = remaining(statement, request, kind, match.answer);
    if (!rest) continue;
    statements.push(statement);
    if (statement.effect === "Deny") denials.push(rest);
    else if (match.isAccount) accountAllows.push(rest);
    else {
      allows.push(rest);
      if (match.isUnlimited) unlimitedAllows.push(rest);
    }
  }
  return {
    allows: either(allows),
    accountAllows: either(accountAllows),
    unlimitedAllows: either(unlimitedAllows),
    denials: either(denials),
    statements,
  };
}

/** Conditions that remain for a statement to apply, or undefined if it does not apply. */
function remaining(
  statement: IamStatement,
  request: IamRequest,
  kind: PolicyKind,
  ofPrincipal: Answer,
): Residual | undefined {
  const rest: { operator: string; key: string; values: readonly string[] }[] = [];
  const open = (answer: Answer, name: string, selection?: Selection) => {
    if (answer === "unknown") rest.push({ operator: "unknown", key: name, values: selection?.values ?? [] });
    return answer !== "no";
  };
  if (!open(actionMatch(statement.actions, request.action), "action", statement.actions)) return undefined;
  if (!open(resourceMatch(statement, request, kind), "resource", statement.resources)) return undefined;
  open(ofPrincipal, "principal", statement.principals);
  for (const condition of statement.conditions) {
    const answer = holds(condition, request.context, statement.hasVariables);
    if (answer === "no") return undefined;
    if (answer === "unknown") rest.push(condition);
  }
  return rest;
}

function actionMatch(selection: Selection, action: string): Answer {
  const actual = literalParts(action.toLowerCase());
  return select(selection, (value) => matches(partsOf(value.toLowerCase(), NO_VARIABLES)!, actual));
}

function select({ isNot, values }: Selection, match: (value: string) => Answer): Answer {
  let result: Answer = "no";
  for (const value of values) {
    const answer = match(value);
    if (answer === "yes") return isNot ? "no" : "yes";
    if (answer === "unknown") result = "unknown";
  }
  return result === "unknown" ? result : isNot ? "yes" : "no";
}

function resourceMatch(statement: IamStatement, request: IamRequest, kind: PolicyKind): Answer {
  const { resources: selection, hasVariables } = statement;
  if (!selection) return "yes";
  const variables = hasVariables ? variableIn(request.context) : NO_VARIABLES;
  const actual = segmentsOf(request.resource);
  let isUnresolved = false;
  const answer = select(selection, (value): Answer => {
    if (/^\*+$/.test(value)) return "yes";
    const segments = arnSegments(value);
    if (segments.length < 6) {
      if (hasUnknown(value)) return "unknown";
      // An incomplete ARN stands for all that begin with it, in policies of resources only with a wildcard.
      if (kind !== "identity" && !(kind === "control" ? /\*$/ : /\*/).test(value)) return "no";
      while (segments.length < 6) segments.push("*");
    }
    if (request.resource === "*") return "no";
    let lacksVariable = false;
    const answer = all(
      segments.map((segment, index) => {
        const pattern = partsOf(index === 5 ? segment : segment.toLowerCase(), variables);
        lacksVariable ||= pattern === undefined;
        return pattern ? matches(pattern, actual[index] ?? []) : "unknown";
      }),
    );
    if (!lacksVariable || answer === "no") return answer;
    isUnresolved = true;
    return "no";
  });
  // A statement with a variable that the request lacks does not apply.
  return selection.isNot && isUnresolved ? "no" : answer;
}

function segmentsOf(resource: string): (readonly Part[])[] {
  return arnSegments(resource).map((it, index) =>
    partsOf(index === 5 ? it : it.toLowerCase(), NO_VARIABLES, false)!,
  );
}

interface PrincipalMatch {
  readonly answer: Answer;
  /** True if the statement names the account of the identity. */
  readonly isAccount?: boolean;
  /** True if a boundary does not limit the grant. */
  readonly isUnlimited?: boolean;
}

function principalMatch(
  { principals, effect }: IamStatement,
  { principal }: IamRequest,
  isBounded: boolean,
): PrincipalMatch {
  if (!principals) return { answer: "no" };
  const answers = principals.values.map((value) => namesPrincipal(value, principal));
  const isUser = principal.kind === "user";
  if (principals.isNot) {
    // AWS: a Deny with NotPrincipal always applies to identities with a boundary.
    if (effect === "Deny" && isBounded) return { answer: "yes" };
    const named = any(answers.map(({ direct, account }) => any([direct, account])));
    return { answer: named === "unknown" ? named : named === "yes" ? "no" : "yes", isUnlimited: isUser };
  }
  const direct = any(answers.map((it) => it.direct));
  const isUnlimited = isUser || principals.values.includes(ANYONE);
  if (direct === "yes") return { answer: "yes", isUnlimited };
  const account = any(answers.map((it) => it.account));
  if (account !== "no" && direct === "no") return { answer: account, isAccount: true };
  return { answer: direct, isUnlimited };
}

const ANYONE = "AWS:*";

/** Returns whether a principal of a statement is the identity, or the account of the identity. */
function namesPrincipal(value: string, principal: Principal): { direct: Answer; account: Answer } {
  const plain = (direct: Answer) => ({ direct, account: "no" as const });
  if (value === ANYONE) return plain("yes");
  if (principal.kind === "anonymous") return plain(hasUnknown(value) ? "unknown" : "no");
  if (principal.kind === "service") {
    if (value.startsWith("Service:") && hasUnknown(value)) return plain("unknown");
    return plain(value === `Service:${principal.name}` ? "yes" : "no");
  }
  if (!value.startsWith("AWS:")) return plain("no");
  const pattern = partsOf(value.slice("AWS:".length), NO_VARIABLES)!;
  const root = `arn:${arnSegments(principal.arn)[1]}:iam::${principal.account}:root`;
  return {
    direct: matches(pattern, literalParts(principal.arn)),
    account: matches(pattern, literalParts(root)),
  };
}
