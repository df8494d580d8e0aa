import { anyText, checkArguments } from "./field";

/**
 * Text that Terraform hands on as it stands. In Terraform JSON every string is a template, so `${` and `%{` of a
 * policy, a SQL statement or a script would be evaluated; references made by cdktf still are.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function literal(text: string): string {
  checkArguments("literal", { text: [text, anyText] });
  return text.replace(/\$\{(?!TfToken\[)/g, "$$${").replace(/%\{/g, "%%{");
}

/** Text as whoever gets it from Terraform reads it. */
export function unescaped(text: string): string {
  return text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
}
