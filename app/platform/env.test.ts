import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadEnv } from "./env.ts";

const KEY = Buffer.alloc(32, 1).toString("base64");
const DEMO = {
  GOODWORD_MODE: "demo",
  SHOPIFY_API_KEY: "key",
  SHOPIFY_API_SECRET: "secret",
  SHOPIFY_APP_URL: "http://localhost:3000/",
  DATA_KEY: KEY,
};
const PRODUCTION = {
  ...DEMO,
  GOODWORD_MODE: "production",
  SHOPIFY_APP_URL: "https://goodword.example.com",
  DATABASE_URL: "postgresql://u@db/goodword",
};

test("loadEnv gives defaults, and takes an empty variable for one that is not set", () => {
  const env = loadEnv({ ...DEMO, REDIS_URL: "", PORT: "" });
  expect(env).toMatchObject({
    GOODWORD_MODE: "demo",
    PORT: 3000,
    SHOPIFY_APP_URL: "http://localhost:3000",
    PAYOUTS_PAUSED: false,
    APP_DISTRIBUTION: "single_merchant",
  });
  expect(env.REDIS_URL).toBeUndefined();
  expect(env.DATA_KEY).toEqual(Buffer.alloc(32, 1));
  expect(Object.isFrozen(env)).toBe(true);
});

test("loadEnv names every fault on a line of its own, and no value", () => {
  const faulty = {
    ...DEMO,
    PORT: "http",
    DATA_KEY: "c2VjcmV0",
    REDIS_URL: "http://redis",
    PAYOUTS_PAUSED: "perhaps",
    SHOPIFY_API_SECRET: undefined,
  };
  const message = messageOf(() => loadEnv(faulty));
  for (const line of [
    "PORT must be a port number",
    "REDIS_URL must be a redis:// URL",
    "SHOPIFY_API_SECRET is required",
    "DATA_KEY must be 32 bytes",
    "PAYOUTS_PAUSED must be true or false",
  ]) {
    expect(message).toContain(`\n  ${line}`);
  }
  expect(message).not.toContain("c2VjcmV0");
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

test.each([
  ["DATA_KEY", Buffer.alloc(31).toString("base64")],
  ["DATA_KEY", Buffer.alloc(32).toString("hex")],
  ["DATA_KEY_OLD", KEY],
  ["REDIS_CLUSTER", "true"],
  ["METRICS_TOKEN", "short"],
  ["GOODWORD_MODE", "development"],
  ["LOG_LEVEL", "loud"],
])("loadEnv refuses %s=%s", (name, value) => {
  expect(() => loadEnv({ ...DEMO, [name]: value })).toThrow(name);
});

test.each([
  ["DATABASE_URL", undefined, "embedded PostgreSQL"],
  ["SHOPIFY_SIMULATOR_URL", "http://localhost:4400", "pretend Shopify"],
  ["SHOPIFY_APP_URL", "http://goodword.example.com", "https"],
])("loadEnv refuses %s=%s in production, and only there", (name, value, why) => {
  expect(loadEnv(PRODUCTION).GOODWORD_MODE).toBe("production");
  expect(() => loadEnv({ ...PRODUCTION, [name]: value })).toThrow(why);
  expect(loadEnv({ ...PRODUCTION, GOODWORD_MODE: "test", [name]: value }).GOODWORD_MODE).toBe("test");
});

test("loadEnv counts as production when nobody says otherwise", () => {
  expect(() => loadEnv({ ...DEMO, GOODWORD_MODE: undefined })).toThrow("DATABASE_URL is required in production");
});

test(".env.example names every variable that is read, and nothing else", () => {
  const example = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? "");
  const source = readFileSync(new URL("./env.ts", import.meta.url), "utf8");
  const read = [...source.matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1] ?? "");
  expect(named.toSorted()).toEqual(read.toSorted());
});
