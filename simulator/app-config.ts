import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";

/** What Shopify knows of an app from its `shopify.app.toml`. */
export type AppConfig = {
  readonly apiVersion: string;
  readonly scopes: readonly string[];
  readonly optionalScopes: readonly string[];
  /** `/proxy`, `a`, `r`: the storefront's `/a/r/x` goes to the app's `/proxy/x`. */
  readonly proxy: { readonly url: string; readonly prefix: string; readonly subpath: string };
  readonly subscriptions: readonly Subscription[];
};

export type Subscription = {
  readonly topics: readonly string[];
  readonly uri: string;
  /** Null: the whole payload. */
  readonly includeFields: readonly string[] | null;
  readonly filter: string | null;
  /** Compliance topics reach the app even after it was uninstalled. */
  readonly compliance: boolean;
};

const SubscriptionToml = z.object({
  topics: z.array(z.string()).default([]),
  compliance_topics: z.array(z.string()).default([]),
  uri: z.string(),
  include_fields: z.array(z.string()).optional(),
  filter: z.string().optional(),
});

const AppToml = z.object({
  access_scopes: z.object({ scopes: z.string(), optional_scopes: z.array(z.string()).default([]) }),
  app_proxy: z.object({ url: z.string(), prefix: z.string(), subpath: z.string() }),
  webhooks: z.object({ api_version: z.string(), subscriptions: z.array(SubscriptionToml) }),
});

/** Where the app's configuration lies in this repository. */
export const APP_TOML_PATH = resolve(import.meta.dirname, "../shopify.app.toml");

/** Reads an app's configuration file. Throws when it is missing or malformed. */
export function loadAppConfig(path: string = APP_TOML_PATH): AppConfig {
  const toml = AppToml.parse(parse(readFileSync(path, "utf8")));
  return {
    apiVersion: toml.webhooks.api_version,
    scopes: toml.access_scopes.scopes.split(",").map((scope) => scope.trim()),
    optionalScopes: toml.access_scopes.optional_scopes,
    proxy: toml.app_proxy,
    subscriptions: toml.webhooks.subscriptions.flatMap((entry) => subscriptionsOf(entry)),
  };
}

function subscriptionsOf(entry: z.infer<typeof SubscriptionToml>): Subscription[] {
  const common = { uri: entry.uri, includeFields: entry.include_fields ?? null, filter: entry.filter ?? null };
  return [
    { ...common, topics: entry.topics, compliance: false },
    { ...common, topics: entry.compliance_topics, compliance: true },
  ].filter((subscription) => subscription.topics.length > 0);
}
