import { anyText, checkArguments } from "./field";

/**
 * Escapes text that Terraform must pass on unchanged. In Terraform JSON every string is a template: Terraform would
 * evaluate `${` and `%{` of a policy, a SQL statement or a script. References made by cdktf are still evaluated.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function literal(text: string): string {
  checkArguments("literal", { text: [text, anyText] });
  return text.replace(/\$\{(?!TfToken\[)/g, "$$${").replace(/%\{/g, "%%{");
}

/** Returns a text as its recipient gets it from Terraform: the reverse of `literal`. */
export function unescaped(text: string): string {
  return text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
}
