import { hasSecretForm } from "../../constructs/core/secret-forms";
import { textsIn } from "../element";
import type { Rule } from "../rule";
import { forElements } from "../subjects";

/** Reports strings with the form of a secret. */
export const secretInCode: Rule = {
  id: "secret-in-code",
  level: "error",
  title: "Nothing that is written has the form of a secret",
  item: "secrets-in-git",
  fix: "Take the secret out of the code, replace it by a new one, and refer to where that is kept.",
  source: "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
  check: forElements(
    () => true,
    (element) =>
      textsIn(element, hasSecretForm).map(
        ({ path }) => `${path.join(".")} has the form of a secret (not shown)`,
      ),
  ),
};
