import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { grantInstallation } from "../oauth/installation.ts";
import { openShop, type OpenShop } from "../storefront/open-shop.ts";

async function withShop(play: (opened: OpenShop) => Promise<void>): Promise<void> {
  const opened = await openShop();
  grantInstallation(opened.world, opened.shop, []);
  try {
    await play(opened);
  } finally {
    await opened.close();
  }
}

/** Claims of a session token as the page gives it, once its signature was checked. */
function claimsOf(body: string): Record<string, unknown> {
  const { token } = z.object({ token: z.string() }).parse(JSON.parse(body));
  const [head = "", claims = "", signature] = token.split(".");
  expect(createHmac("sha256", "hush").update(`${head}.${claims}`).digest("base64url")).toBe(signature);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(claims, "base64url").toString()));
}

test("the account page hosts the app's bundle, built for this app and shut off from the page around it", () =>
  withShop(async ({ browser, world }) => {
    const shopper = browser();
    await shopper("/account/register", { form: { email: "dan@mail.example" } });
    const { body } = await shopper("/account?locale=nl");
    expect(body).toContain("data-extension");
    expect(body).toContain("Vrienden uitnodigen");
    const script = await shopper("/_extensions/customer-account.profile.block.render.js");
    expect(script.body).toContain(world.app.appUrl);
    expect(script.body).toMatch(/^export default \(document, shopify, navigation, fetch, window, self, localStorage/);
    expect((await shopper("/_extensions/customer-account.nothing.render.js")).status).toBe(404);
  }));

test("a session token of the account names the customer, one of the checkout only who is logged in to the shop", () =>
  withShop(async ({ browser, shop }) => {
    const shopper = browser();
    expect((await shopper("/account/extension-token")).status).toBe(401);
    expect(claimsOf((await shopper("/checkout/extension-token")).body)).not.toHaveProperty("sub");
    await shopper("/account/register", { form: { email: "dan@mail.example" } });
    for (const path of ["/account/extension-token", "/checkout/extension-token"])
      expect(claimsOf((await shopper(path)).body)).toMatchObject({
        dest: shop.domain,
        aud: "key",
        sub: expect.stringMatching(/^gid:\/\/shopify\/Customer\/\d+$/),
      });
  }));

test("the account and the shop have log-ins of their own", () =>
  withShop(async ({ browser }) => {
    const first = browser();
    await first("/account/register", { form: { email: "dan@mail.example" } });
    await first("/account/logout", { method: "POST" });
    const shopper = browser();
    await shopper("/account/login", { form: { email: "dan@mail.example", account_only: "1" } });
    expect(claimsOf((await shopper("/account/extension-token")).body)).toHaveProperty("sub");
    expect(claimsOf((await shopper("/checkout/extension-token")).body)).not.toHaveProperty("sub");
    expect((await shopper("/")).body).toContain('data-customer=""');
  }));

test("a shop without the app shows none of its extensions", () =>
  withShop(async ({ browser, shop }) => {
    shop.installation = null;
    const shopper = browser();
    await shopper("/account/register", { form: { email: "dan@mail.example" } });
    expect((await shopper("/account")).body).not.toContain("data-extension");
  }));
