import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { grantInstallation } from "#simulator/oauth/installation.ts";
import { openShop } from "#simulator/storefront/open-shop.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "extensions", "referral-storefront");
const liquid = readFileSync(join(FOLDER, "blocks", "refer-a-friend.liquid"), "utf8");
const script = readFileSync(join(FOLDER, "assets", "refer-a-friend.js"), "utf8");
const SCRIPT_GZIP_BYTES_MAX = 4_096;

function hooksIn(markup: string): Set<string> {
  return new Set(
    [...markup.matchAll(/data-gw-([a-z]+)/g)].map(([, name]) => name ?? "").filter((name) => name !== "ready"),
  );
}

test("the theme block's Liquid and the simulator's page of it hold every part that its script looks for", async () => {
  const wanted = new Set([...script.matchAll(/part\("([a-z]+)"\)/g)].map(([, name]) => name ?? ""));
  expect(wanted.size).toBeGreaterThan(7);
  expect([...wanted].filter((name) => !hooksIn(liquid).has(name))).toEqual([]);
  const opened = await openShop();
  const { browser, world, shop } = opened;
  try {
    grantInstallation(world, shop, []);
    const shopper = browser();
    const { body: visitor } = await shopper("/");
    expect(visitor).toContain("Log in to get your own link.");
    expect(visitor).not.toContain("data-gw-take");
    await shopper("/account/register", { form: { email: "dan@mail.example" } });
    const { body } = await shopper("/");
    expect([...hooksIn(body)].toSorted()).toEqual([...hooksIn(liquid)].toSorted());
  } finally {
    await opened.close();
  }
});

test("the theme block's script has a text for every outcome, and stays small", () => {
  const given = new Set([...liquid.matchAll(/^ {6}"([a-z_]+)":/gm)].map(([, name]) => name ?? ""));
  const used = [...script.matchAll(/texts\.([a-z_]+)/g)].map(([, name]) => name ?? "");
  expect(used.filter((name) => !given.has(name))).toEqual([]);
  expect(gzipSync(script).length).toBeLessThanOrEqual(SCRIPT_GZIP_BYTES_MAX);
});
