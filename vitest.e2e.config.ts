import { defineConfig } from "vitest/config";

/** The story in a real browser. Every file starts a world of its own, so they run one after the other. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.e2e.ts"],
    testTimeout: 420_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    retry: process.env["CI"] === "true" ? 1 : 0,
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
  },
});
