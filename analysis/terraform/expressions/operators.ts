import { EvaluationError, areEqual, toBoolean, toNumber } from "./conversions";

/** Result of a binary operator on known operands. @throws EvaluationError for operands of another type */
export function applyOperator(operator: string, left: unknown, right: unknown): unknown {
  if (operator === "==") return areEqual(left, right);
  if (operator === "!=") return !areEqual(left, right);
  if (operator === "&&") return toBoolean(left) && toBoolean(right);
  if (operator === "||") return toBoolean(left) || toBoolean(right);
  const [a, b] = [toNumber(left), toNumber(right)];
  switch (operator) {
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
    case "+":
      return decimal(a + b);
    case "-":
      return decimal(a - b);
    case "*":
      return decimal(a * b);
    default:
      if (b === 0) throw new EvaluationError("division by zero");
      return decimal(operator === "/" ? a / b : a % b);
  }
}

/** Number without the error of binary fractions; Terraform computes with more digits. */
export function decimal(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}
