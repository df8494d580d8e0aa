/**
 * Text that Terraform hands on as it stands. In Terraform JSON every string is a template, so `${` and `%{` of a
 * policy, a SQL statement or a script would be evaluated; references made by cdktf still are.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function literal(text: string): string {
  return text.replace(/\$\{(?!TfToken\[)/g, "$$${").replace(/%\{/g, "%%{");
}
