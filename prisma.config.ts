import { defineConfig } from "prisma/config";

import { migrationAdapter } from "./scripts/prisma-adapter.ts";

// The schema engine is a native program that Prisma downloads. With an adapter it uses the WebAssembly build that
// comes in the package instead, so that generating and migrating work on a machine without a network.
export default defineConfig({
  experimental: { adapter: true },
  engine: "js",
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  adapter: async () => migrationAdapter(process.env["DATABASE_URL"] ?? ""),
});
