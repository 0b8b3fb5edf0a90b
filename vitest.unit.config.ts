import { defineConfig } from "vitest/config";
import everything from "./vitest.config.ts";

/** The tests that need no server: domain, platform, scripts. */
export default defineConfig({
  test: {
    ...everything.test,
    globalSetup: [],
    include: ["app/**/*.test.ts", "extensions/**/*.test.ts", "scripts/**/*.test.ts", "test/architecture/**/*.test.ts"],
    exclude: ["node_modules/**", "build/**", "**/*.db.test.ts", "test/e2e/**"],
  },
});
