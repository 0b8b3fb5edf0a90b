import "@shopify/shopify-app-remix/adapters/node";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { ApiVersion, AppDistribution, LogSeverity, shopifyApp } from "@shopify/shopify-app-remix/server";
import { createSimulatedFetch } from "#app/adapters/shopify-admin/simulated-fetch.ts";
import type { SessionStorage } from "#app/data/session-storage.ts";
import type { Env } from "#app/platform/env.ts";
import type { Logger } from "#app/platform/logger.ts";

export type ShopifyDeps = {
  env: Env;
  sessionStorage: SessionStorage;
  /** Runs after every token exchange, that is about once an hour and shop: it must be idempotent, and cheap when nothing changed. */
  onInstalled(shop: { domain: string; scopes: string }): Promise<void>;
  logger: Logger;
};

export type Shopify = ReturnType<typeof createShopify>;

/**
 * The only call of `shopifyApp`. Sessions begin by token exchange (`unstable_newEmbeddedAuthStrategy`), which the library
 * uses for every embedded app but one made in the Shopify admin: such an app has one fixed token and no session tokens,
 * so `shopify_admin` is refused here. The default is `single_merchant`, a custom app per operator; `app_store` differs
 * only in where the merchant installs it from. Tokens expire and are refreshed (`expiringOfflineAccessTokens`), by us
 * under a lock: the library refreshes without one, so nothing here calls `unauthenticated.admin` or `authenticate.webhook`.
 */
export function createShopify(deps: ShopifyDeps) {
  const { env } = deps;
  if (env.SHOPIFY_SIMULATOR_URL !== undefined) leadToSimulator(env.SHOPIFY_SIMULATOR_URL);
  return shopifyApp({
    apiKey: env.SHOPIFY_API_KEY,
    apiSecretKey: env.SHOPIFY_API_SECRET,
    appUrl: env.SHOPIFY_APP_URL,
    apiVersion: ApiVersion.October26,
    distribution: distributionOf(env.APP_DISTRIBUTION),
    authPathPrefix: "/auth",
    sessionStorage: deps.sessionStorage,
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    hooks: {
      afterAuth: ({ session }) => deps.onInstalled({ domain: session.shop, scopes: session.scope ?? "" }),
    },
    logger: {
      level: LogSeverity.Warning,
      log: (severity: LogSeverity, message: string) => {
        deps.logger[severity === LogSeverity.Error ? "error" : "warn"](message);
      },
    },
  });
}

function distributionOf(choice: Env["APP_DISTRIBUTION"]): AppDistribution.AppStore | AppDistribution.SingleMerchant {
  if (choice === "shopify_admin")
    throw new Error(
      "APP_DISTRIBUTION=shopify_admin cannot work: an app made in the Shopify admin has no session tokens",
    );
  return choice === "app_store" ? AppDistribution.AppStore : AppDistribution.SingleMerchant;
}

/** The library asks this function for every request it makes to Shopify. */
function leadToSimulator(simulatorUrl: string): void {
  const simulatedFetch = createSimulatedFetch(simulatorUrl);
  setAbstractFetchFunc((target, init) =>
    simulatedFetch(target instanceof Request ? target.url : target.toString(), init),
  );
}
