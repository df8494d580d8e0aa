import tseslint from "typescript-eslint";

// Loading a provider's barrel costs seconds and hundreds of megabytes; a submodule costs milliseconds.
const submodulesOnly = {
  regex: "^@cdktf/provider-[a-z]+(/lib)?/?$",
  message: "Import the submodule, for example @cdktf/provider-aws/lib/kms-key.",
};

/** In an error text, `received()` shows a refused value: it leaves out what may be a secret. */
const receivedInErrors = {
  meta: {
    type: "problem",
    schema: [],
    messages: { raw: "Show the refused value by received() of constructs/core." },
  },
  create: (context) => ({
    TemplateLiteral({ quasis, expressions }) {
      const isShown = (it) =>
        it.type === "Literal" ||
        (it.type === "ConditionalExpression" && isShown(it.consequent) && isShown(it.alternate)) ||
        (it.type === "CallExpression" && /^(received|describe[A-Z]\w*)$/.test(it.callee.name)) ||
        (it.type === "Identifier" && /^(MAY_BE_SECRET|description)$/.test(it.name));
      expressions.forEach((expression, index) => {
        if (/\bgot ['"]?$/.test(quasis[index].value.raw) && !isShown(expression)) {
          context.report({ node: expression, messageId: "raw" });
        }
      });
    },
  }),
};

export default tseslint.config(
  {
    ignores: ["node_modules/", "cdktf.out/", ".local/", ".cluster/", ".bench/", "coverage/", "dist/", "api/"],
  },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [submodulesOnly] }],
      "@typescript-eslint/consistent-type-imports": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.ts"],
    ignores: ["__tests__/**", "bench/**"],
    plugins: { platform: { rules: { "received-in-errors": receivedInErrors } } },
    rules: { "platform/received-in-errors": "error" },
  },
  {
    // One way out: cli/terminal.ts escapes what is printed, and exits when all of it is written.
    files: ["cli/**/*.ts"],
    ignores: ["cli/terminal.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { object: "process", property: "exit", message: "Return the exit code to runToExit()." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.object.property.name=/^std(out|err)$/][callee.property.name='write']",
          message: "Print by cli/terminal.ts.",
        },
      ],
    },
  },
  {
    files: ["jest*.config.js", "**/*.cjs"],
    languageOptions: { globals: { module: "readonly", require: "readonly", process: "readonly" } },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
