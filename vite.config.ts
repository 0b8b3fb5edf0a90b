import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

/**
 * Builds the merchant admin alone: `build/client` for browsers, `build/server/index.js` for the Fastify mount.
 * Everything else in `app/` is run by Node as it stands, so that no module exists twice in one process.
 */
export default defineConfig({
  plugins: [
    remix({
      // Tests build beside, so that they never pull a running app's pages from under it.
      buildDirectory: process.env["ADMIN_BUILD_DIR"] ?? "build",
      ignoredRouteFiles: ["**/*.test.ts", "**/*.test.tsx", "**/*.server.ts"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: false,
        // @shopify/shopify-app-remix answers with thrown responses and `_data` requests, as Shopify's own template does
        v3_singleFetch: false,
      },
    }),
  ],
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
});
