import {
  ANY_ADMINISTRATOR,
  type Actor,
  type GraveRequest,
  actorsOf,
  decide,
  graveRequests,
} from "../../analysis/aws/grave-actions";
import { awsModelOf } from "../readers/iam";
import { NOT_APPLICABLE, type Rule, judge, notJudged } from "../rule";
import { forPlatform } from "../subjects";

/** Actions that the policy of an object must deny to administrators of the account. */
const DENIED: Readonly<Record<string, readonly string[]>> = {
  "unseal key": ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:PutKeyPolicy"],
  "recovery share": [
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:DeleteResourcePolicy",
  ],
};

/** Reports unseal keys and recovery shares that every administrator of the account controls. */
export const guardedObjects: Rule = {
  id: "guarded-objects",
  level: "error",
  title: "Policies of the unseal key and the recovery shares stop administrators of the account",
  item: "cloud",
  fix: "Deny these actions to all but a break-glass role, as KmsAutoUnseal and RecoveryKeySecrets do.",
  source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
  check: forPlatform((platform) => {
    if (platform.resources("aws_kms_key", "aws_secretsmanager_secret").length === 0) return NOT_APPLICABLE;
    const model = awsModelOf(platform);
    const requests = graveRequests(model).filter(({ guarded }) => guarded in DENIED);
    if (requests.length === 0) return NOT_APPLICABLE;
    const actors = actorsOf(model).filter(
      ({ name, origin }) => name === ANY_ADMINISTRATOR || origin === "elsewhere",
    );
    const nameOf = ({ guarded, object }: GraveRequest) => `the ${guarded} ${object}`;
    const problems = [...new Set(requests.map(nameOf))].flatMap((name) =>
      actors.flatMap((actor): string[] => {
        const allowed = requests.filter(
          (it) =>
            nameOf(it) === name && isWatched(actor, it) && decide(model, actor, it).result === "allowed",
        );
        const actions = [...new Set(allowed.map(({ action }) => action))];
        return actions.length > 0 ? [`${actor.name} may ${actions.join(", ")} on ${name}`] : [];
      }),
    );
    const unread = requests.filter(({ policy }) => policy && policy.unread.length > 0);
    return unread.length > 0
      ? notJudged(
          unread.map((it) => `not judged: only Terraform can evaluate the policy of ${nameOf(it)}`),
          problems,
        )
      : judge(problems);
  }),
};

/** Of identities from elsewhere, every grave action counts. */
function isWatched({ origin }: Actor, { guarded, action }: GraveRequest): boolean {
  return origin === "elsewhere" || DENIED[guarded].includes(action);
}
