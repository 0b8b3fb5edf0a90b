import { onTestFinished, expect, test } from "vitest";
import { openShop, type OpenShop } from "../storefront/open-shop.ts";
import { createCustomer } from "../world/customers.ts";
import { escapeHtml, html, jsonForScript } from "./html.ts";

async function freshShop(): Promise<OpenShop> {
  const open = await openShop();
  onTestFinished(() => open.close());
  return open;
}

const MAIL = {
  from: "FreshBox <shop@example.com>",
  to: "dan@example.com",
  subject: "Thank you",
  text: "Dear Dan",
  headers: {},
};

test("html escapes what is put in, keeps what is HTML already, and leaves nothing for null and false", () => {
  expect(html`<p title="${'"'}">${"<b>"}${html`<i>${1n}</i>`}${null}${false}${["a", "b"]}</p>`.html).toBe(
    '<p title="&quot;">&lt;b&gt;<i>1</i>ab</p>',
  );
  expect(escapeHtml("it's")).toBe("it&#39;s");
  expect(jsonForScript("</script>").html).toBe('"\\u003c/script>"');
});

test("the front page opens the shop as Dan when he is a customer, and lets Mara sign up", async () => {
  const { browser, world, shop } = await freshShop();
  const dan = createCustomer(world, shop, { email: "dan@example.com", firstName: "Dan" });
  const { body } = await browser("localhost")("/");
  expect(body).toContain(`/_identity/dan?customer=${dan.id}`);
  expect(body).toContain("/_identity/mara?to=/account/register");
});

test("the front page's facts tell what happened, newest first", async () => {
  const { browser, world, shop } = await freshShop();
  createCustomer(world, shop, { email: "dan@example.com", firstName: "Dan" });
  const facts: unknown = JSON.parse((await browser("localhost")("/_front/facts")).body);
  expect(facts).toMatchObject({ mails: 0 });
  expect(JSON.stringify(facts)).toContain("Dan became a customer");
});

test("a mail's own HTML is shown where no script can run", async () => {
  const { browser, world } = await freshShop();
  world.mails.push({ ...MAIL, at: new Date(), html: "<p>Dear Dan</p><script>alert(1)</script>" });
  const ask = browser("localhost");
  expect((await ask("/mail")).body).toContain('sandbox=""');
  expect((await ask("/mail/0/body")).headers["content-security-policy"]).toContain("default-src 'none'");
  expect((await ask("/mail/7/body")).status).toBeGreaterThanOrEqual(400);
});

test("the shop's host, the admin's host and the plain host each answer with their own page", async () => {
  const { browser } = await freshShop();
  const titleAt = async (host: string): Promise<string | undefined> =>
    /<title>([^<]+)/.exec((await browser(host)("/")).body)?.[1];
  expect(await titleAt("freshbox.localhost")).toBe("Boxes of good food · FreshBox");
  expect(await titleAt("127.0.0.1")).toBe("FreshBox at a glance");
  expect((await browser("admin.localhost:4600")("/")).headers.location).toBe("/store/freshbox");
});
