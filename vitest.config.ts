import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/harness/postgres-global-setup.ts"],
    setupFiles: ["test/harness/fail-on-console-error.ts"],
    include: [
      "app/**/*.test.ts",
      "simulator/**/*.test.ts",
      "test/**/*.test.ts",
      "extensions/**/*.test.ts",
      "scripts/**/*.test.ts",
      "proof/**/*.test.ts",
    ],
    exclude: ["node_modules/**", "build/**", "test/e2e/**"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    retry: process.env["CI"] === "true" ? 1 : 0,
    // Shopify's tester of extensions ships JSX that only a bundler reads.
    server: { deps: { inline: [/@shopify\/ui-extensions-tester/] } },
    pool: "forks",
    maxWorkers: 2,
    coverage: { provider: "v8" },
  },
});
