import tseslint from "typescript-eslint";

// Loading a provider's barrel costs seconds and hundreds of megabytes; a submodule costs milliseconds.
const submodulesOnly = {
  regex: "^@cdktf/provider-[a-z]+(/lib)?/?$",
  message: "Import the submodule, for example @cdktf/provider-aws/lib/kms-key.",
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
    files: ["jest*.config.js", "**/*.cjs"],
    languageOptions: { globals: { module: "readonly", require: "readonly", process: "readonly" } },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
