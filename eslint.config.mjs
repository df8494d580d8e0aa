import tseslint from "typescript-eslint";

// Loading a provider's barrel costs seconds and hundreds of megabytes; a submodule costs milliseconds.
const submodulesOnly = {
  regex: "^@cdktf/provider-[a-z]+(/lib)?/?$",
  message: "Import the submodule, for example @cdktf/provider-aws/lib/kms-key.",
};

/** Programs that a machine with Node and git has. */
const EVERYWHERE = ["git", "grep", "id", "mkfifo", "mount", "npm", "npx", "sh", "tar", "umount"];

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
    // One way to need what a machine may lack, which prints what is missing and where to get it.
    files: ["__tests__/**/*.ts"],
    ignores: ["__tests__/support/needs.ts", "__tests__/support/needs.test.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "MemberExpression:matches([property.name='skip'], [property.value='skip']), CallExpression[callee.name=/^x(describe|it|test)$/]",
          message: "Say what is missing, by describeUnless() or testUnless() of __tests__/support/needs.ts.",
        },
        {
          selector: `CallExpression[callee.name=/^(spawn|execFile)(Sync)?$/] > Literal.arguments:not([value=/^(${EVERYWHERE.join("|")})$/])`,
          message:
            "Spawn programPath() of __tests__/support/needs.ts, and skip the test where the program is missing.",
        },
      ],
    },
  },
  {
    // One way to stand in for a service, which answers, ends and keeps what it was asked as the others do.
    files: ["__tests__/**/*.ts"],
    ignores: ["__tests__/support/servers/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [submodulesOnly],
          paths: ["node:http", "node:https"].map((name) => ({
            name,
            importNames: ["createServer"],
            message: "Start HttpServer of __tests__/support/servers/http.ts.",
          })),
        },
      ],
    },
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
    files: ["jest.config.js", ".dependency-cruiser.cjs", "**/*.cjs"],
    languageOptions: { globals: { module: "readonly", require: "readonly", process: "readonly" } },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
