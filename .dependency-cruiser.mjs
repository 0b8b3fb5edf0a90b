/** Who may import whom. Tests are outside these rules: they may look anywhere. */
const TESTS = "\\.test\\.tsx?$";

export default {
  forbidden: [
    // Shopify's types refer to each other, and so do the pretend Shopify's views of them.
    {
      name: "no-circles",
      severity: "error",
      from: { pathNot: `${TESTS}|^simulator/graphql/` },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "domain-imports-only-domain",
      severity: "error",
      from: { path: "^app/domain/", pathNot: TESTS },
      to: { pathNot: "^app/domain/" },
    },
    {
      name: "usecases-know-no-doors",
      severity: "error",
      from: { path: "^app/usecases/", pathNot: TESTS },
      to: { path: "^app/(edge|routes|ui|jobs)/" },
    },
    {
      name: "data-and-adapters-are-leaves",
      severity: "error",
      from: { path: "^app/(data|adapters)/", pathNot: TESTS },
      to: { path: "^app/(edge|routes|ui|jobs)/" },
    },
    {
      name: "routes-never-touch-data-or-adapters",
      severity: "error",
      from: { path: "^app/(routes|ui)/", pathNot: TESTS },
      to: { path: "^app/(data|adapters|edge|jobs)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "prisma-only-in-data",
      severity: "error",
      from: { path: "^app/", pathNot: `^app/data/|${TESTS}` },
      to: { path: "@prisma/|data/generated" },
    },
    {
      name: "bullmq-only-in-jobs-and-queue",
      severity: "error",
      from: { path: "^app/", pathNot: `^app/jobs/|^app/platform/queue|${TESTS}` },
      to: { path: "node_modules/(bullmq|ioredis)" },
    },
    {
      name: "usecases-know-no-http",
      severity: "error",
      from: { path: "^app/(usecases|data|domain)/", pathNot: TESTS },
      to: { path: "node_modules/(@remix-run|@shopify/shopify-app-remix|fastify)" },
    },
    {
      name: "app-never-imports-simulator",
      severity: "error",
      from: { path: "^app/", pathNot: TESTS },
      to: { path: "^simulator/" },
    },
    { name: "simulator-never-imports-app", severity: "error", from: { path: "^simulator/" }, to: { path: "^app/" } },
    {
      name: "journey-is-http-alone",
      severity: "error",
      from: { path: "^(proof/journey|test/e2e)/" },
      to: { path: "^(app|simulator)/" },
    },
    {
      name: "platform-is-a-leaf",
      severity: "error",
      from: { path: "^app/platform/", pathNot: TESTS },
      to: { path: "^app/(?!platform|domain)" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "app/data/generated"] },
    exclude: { path: ["^build/"] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
