import type { KnownTexts } from "./values";

/** Answer about a platform. `unknown`: it depends on a value that only Terraform or the cluster knows. */
export type Answer = "yes" | "no" | "unknown";

type Question = Answer | (() => Answer);

/** Yes if one answer is yes, no if all are no. Later questions are evaluated only if they matter. */
export function any(questions: readonly Question[]): Answer {
  let result: Answer = "no";
  for (const question of questions) {
    const answer = typeof question === "function" ? question() : question;
    if (answer === "yes") return "yes";
    if (answer === "unknown") result = "unknown";
  }
  return result;
}

/** Yes if all answers are yes, no if one is no. Later questions are evaluated only if they matter. */
export function all(questions: readonly Question[]): Answer {
  let result: Answer = "yes";
  for (const question of questions) {
    const answer = typeof question === "function" ? question() : question;
    if (answer === "no") return "no";
    if (answer === "unknown") result = "unknown";
  }
  return result;
}

/** The opposite answer. */
export function not(answer: Answer): Answer {
  return answer === "yes" ? "no" : answer === "no" ? "yes" : "unknown";
}

/** Decides whether a list contains a text that matches. */
export function contains({ values, isComplete }: KnownTexts, matches: (text: string) => boolean): Answer {
  return values.some(matches) ? "yes" : isComplete ? "no" : "unknown";
}
