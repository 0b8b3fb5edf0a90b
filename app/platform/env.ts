import { z } from "zod";

const DATA_KEY_BYTES = 32;

/** A key of 32 bytes in base64; anything that does not print back to itself is a typing error. */
const dataKey = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === DATA_KEY_BYTES && bytes.toString("base64") === text) return bytes;
  context.addIssue({ code: "custom", message: "must be 32 bytes in base64 (openssl rand -base64 32)" });
  return z.NEVER;
});

const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
  .transform((text) => text.replace(/\/+$/, ""));
const flag = z.stringbool({ error: "must be true or false" });

const Shape = z.object({
  GOODWORD_MODE: z
    .enum(["demo", "test", "production"], { error: "must be demo, test or production" })
    .default("production"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// URL" }).optional(),
  REDIS_CLUSTER: flag.default(false),
  PORT: z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535).default(3000),
  HOST: z.string().default("127.0.0.1"),
  APP_DISTRIBUTION: z
    .enum(["single_merchant", "app_store", "shopify_admin"], {
      error: "must be single_merchant, app_store or shopify_admin",
    })
    .default("single_merchant"),
  SHOPIFY_API_KEY: z.string({ error: "is required: the app's client id" }),
  SHOPIFY_API_SECRET: z.string({ error: "is required: the app's client secret" }),
  SHOPIFY_API_SECRET_OLD: z.string().optional(),
  SHOPIFY_APP_URL: z.string({ error: "is required: the public URL of this app" }).pipe(httpUrl),
  SHOPIFY_APP_HANDLE: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, "must be lower-case letters, digits and hyphens")
    .default("goodword"),
  DATA_KEY: z.string({ error: "is required: 32 bytes in base64 (openssl rand -base64 32)" }).pipe(dataKey),
  DATA_KEY_OLD: dataKey.optional(),
  LINK_ANSWER: z.enum(["redirect", "page"], { error: "must be redirect or page" }).default("redirect"),
  PAYOUTS_PAUSED: flag.default(false),
  FLOW_TRIGGER: flag.default(false),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: httpUrl.optional(),
  NOTE_MODEL: z.string().default("claude-haiku-4-5"),
  NOTE_MONTHLY_BUDGET_USD: z.coerce.number({ error: "must be an amount" }).nonnegative().default(20),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must be an smtp:// URL" }).optional(),
  MAIL_FROM: z.string().default("Goodword <goodword@localhost>"),
  SMS_URL: z
    .url({ protocol: /^(?:https?|twilio|sns)$/, error: "must be a twilio://, sns:// or http(s):// URL" })
    .optional(),
  SHOPIFY_SIMULATOR_URL: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  JOB_LEASE_MS: z.coerce.number({ error: "must be a number of milliseconds" }).int().min(500).max(600_000).optional(),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], { error: "must be a level of pino" })
    .default("info"),
});

const EnvSchema = Shape.superRefine((env, context) => {
  function refuse(path: keyof typeof env, message: string): void {
    context.addIssue({ code: "custom", path: [path], message });
  }
  if (env.DATA_KEY_OLD !== undefined && env.DATA_KEY_OLD.equals(env.DATA_KEY))
    refuse("DATA_KEY_OLD", "must differ from DATA_KEY");
  if (env.REDIS_CLUSTER && env.REDIS_URL === undefined) refuse("REDIS_CLUSTER", "needs REDIS_URL");
  if (env.GOODWORD_MODE !== "production") return;
  if (env.DATABASE_URL === undefined)
    refuse("DATABASE_URL", "is required in production: the embedded PostgreSQL is for demo and tests");
  if (env.SHOPIFY_SIMULATOR_URL !== undefined)
    refuse("SHOPIFY_SIMULATOR_URL", "is refused in production: every call would go to a pretend Shopify");
  if (!env.SHOPIFY_APP_URL.startsWith("https://")) refuse("SHOPIFY_APP_URL", "must be https in production");
});

/** The environment after parsing. Names are those of the variables, so that one search finds every use. */
export type Env = Readonly<z.infer<typeof EnvSchema>>;

/**
 * Parses the environment once, at an entry point. An empty variable counts as one that is not set.
 *
 * @param source Usually `process.env`.
 * @returns The frozen environment.
 * @throws An error that names every fault on a line of its own, and never a value (some are secrets).
 */
export function loadEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = EnvSchema.safeParse(present);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join(".")} ${issue.message}`);
  throw new Error(
    `The environment is not usable:\n${faults.join("\n")}\nSee .env.example for what each variable means.`,
  );
}
