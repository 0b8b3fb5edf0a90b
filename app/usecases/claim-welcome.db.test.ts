import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { claimWelcome } from "#app/usecases/claim-welcome.ts";
import type { ClaimWelcomeInput, ClaimWelcomeResult } from "#app/usecases/claim-welcome.ts";
import { retireCode } from "#app/usecases/retire-code.ts";
import { saveTerms } from "#app/usecases/save-terms.ts";
import { POOL_FULL, POOL_LOW } from "#app/usecases/welcome-pool.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { buy, DAN, EVE, findingsOf, MARA, mintCode, personOf, tap, WINDOW_MS } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases, UseCaseOptions } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const ON_FIRST_ORDER = { friend: { when: "on_first_order" } };

/** A shop whose friends get a code for their first order, with its pool full, and Dan's link. */
async function buildShop(options: UseCaseOptions = {}) {
  const world = await buildUseCases(db, { terms: ON_FIRST_ORDER, ...options });
  const code = await mintCode(world);
  await world.work();
  return { world, code };
}

function ask(world: UseCases, token: string, change: Partial<ClaimWelcomeInput> = {}): Promise<ClaimWelcomeResult> {
  const nobody = { customerId: null, email: null, device: null, prefix: null, cartToken: null, locale: "en" };
  return claimWelcome(world, { shop: world.shop, token, ...nobody, ...change });
}

/** The code that an ask gave, or what it said instead. */
function told(result: ClaimWelcomeResult): string {
  if (result.outcome === "refused") return result.reason;
  return result.welcomeCode ?? (result.retry ? "ask_again" : "no_code");
}

async function poolOf(world: UseCases): Promise<Record<string, number>> {
  const rows = await world.query<{ state: string; codes: number }>(
    "SELECT state, count(*)::int AS codes FROM welcome_codes WHERE parent_id IN (SELECT id FROM discount_parents WHERE terms_version = (SELECT max(version) FROM terms)) GROUP BY 1",
  );
  return Object.fromEntries(rows.map(({ state, codes }) => [state, codes]));
}

test("a friend who came by a link gets a code that exists in the shop, and the offer in words", async () => {
  const { world, code } = await buildShop();
  const result = await ask(world, tap(world, code));
  expect(result).toEqual({
    outcome: "claimed",
    welcomeCode: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{16}$/),
    offer: { referrer: "£10 off", friend: "£10 off" },
    from: "Sam",
    retry: false,
    emailFirst: false,
  });
  expect(world.shopify.codes.has(told(result))).toBe(true);
  expect(await poolOf(world)).toEqual({ pooled: POOL_FULL - 1, claimed: 1 });
});

test("twenty asks at once for one tap get one code", async () => {
  const { world, code } = await buildShop();
  const token = tap(world, code);
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(world, token)));
  expect(new Set(answers.map(told)).size).toBe(1);
  expect(await poolOf(world)).toEqual({ pooled: POOL_FULL - 1, claimed: 1 });
});

test("friends who ask at once each get a code of their own, and none once the pool is empty", async () => {
  const { world, code } = await buildShop();
  await world.query(`
    UPDATE welcome_codes SET state = 'expired' WHERE id NOT IN (
      SELECT w.id FROM welcome_codes w JOIN discount_parents p ON p.id = w.parent_id
       WHERE p.terms_version = (SELECT max(version) FROM terms) LIMIT 12)`);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ask(world, tap(world, code), { device: newId() })),
  );
  const codes = answers.map(told).filter((one) => one !== "ask_again");
  expect(codes).toHaveLength(12);
  expect(new Set(codes).size).toBe(12);
  const claims = await world.query("SELECT 1 AS one FROM claims WHERE welcome_code IS NULL");
  expect(claims).toEqual([]);
});

test("an empty pool says so with the offer, asks for more, and the same friend gets a code when there are some", async () => {
  const { world, code } = await buildShop();
  await world.query("UPDATE welcome_codes SET state = 'expired'");
  const token = tap(world, code);
  world.rung.length = 0;
  expect(await ask(world, token)).toMatchObject({ welcomeCode: null, retry: true, offer: { friend: "£10 off" } });
  expect(world.rung).toEqual(["outbox"]);
  await world.work();
  expect(told(await ask(world, token))).toMatch(/^[0-9A-Z]{16}$/);
});

test("the pool is filled up again once it runs low, and not before", async () => {
  const { world, code } = await buildShop();
  for (let claim = 0; claim < POOL_FULL - POOL_LOW; claim += 1) await ask(world, tap(world, code));
  await world.work();
  expect(await poolOf(world)).toMatchObject({ pooled: POOL_LOW });
  await ask(world, tap(world, code));
  await world.work();
  expect(await poolOf(world)).toMatchObject({ pooled: POOL_FULL });
});

test("a claim needs no call to Shopify", async () => {
  const { world, code } = await buildShop();
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1_000 };
  world.shopify.calls.length = 0;
  expect(told(await ask(world, tap(world, code)))).toMatch(/^[0-9A-Z]{16}$/);
  expect(world.shopify.calls).toEqual([]);
});

test("asking again by device or e-mail gives the same code, another tap or not", async () => {
  const { world, code } = await buildShop();
  const device = newId();
  const first = told(await ask(world, tap(world, code), { device }));
  expect(told(await ask(world, tap(world, code), { device }))).toBe(first);
  const email = "mara@example.com";
  const mailed = told(await ask(world, tap(world, code), { email }));
  expect(told(await ask(world, tap(world, code), { email, device: newId() }))).toBe(mailed);
  expect(mailed).not.toBe(first);
});

test("an e-mail given later joins the claim of the tap, and leads to its code from then on", async () => {
  const { world, code } = await buildShop();
  const token = tap(world, code);
  const first = told(await ask(world, token));
  expect(told(await ask(world, token, { email: "mara@example.com" }))).toBe(first);
  expect(told(await ask(world, tap(world, code), { email: "mara@example.com" }))).toBe(first);
});

test("only a keyed hash of the e-mail is kept", async () => {
  const { world, code } = await buildShop();
  await ask(world, tap(world, code), { email: "mara@example.com" });
  const [claim] = await world.query<{ hash: string }>("SELECT encode(email_hash, 'hex') AS hash FROM claims");
  expect(claim?.hash).toBe(world.shop.keyring.person("email", "mara@example.com"));
});

test("a device gets three codes at most, a network ten a day", async () => {
  const { world, code } = await buildShop();
  const device = newId();
  const asks = ["a", "b", "c", "d"].map((name) => ({ device, email: `${name}@example.com` }));
  const answers = [];
  for (const each of asks) answers.push(told(await ask(world, tap(world, code), each)));
  expect(answers.slice(0, 3).every((answer) => /^[0-9A-Z]{16}$/.test(answer))).toBe(true);
  expect(answers[3]).toBe("too_many_requests");
  const prefix = "198.51.100";
  const crowd = await Promise.all(Array.from({ length: 14 }, () => ask(world, tap(world, code), { prefix })));
  expect(crowd.filter((answer) => told(answer) === "too_many_requests")).toHaveLength(4);
  world.clock.skip(DAY_MS + 1);
  expect(told(await ask(world, tap(world, code), { prefix }))).toMatch(/^[0-9A-Z]{16}$/);
});

test("ten thousand addresses claimed on one link from as many networks leave codes for the friends of others", async () => {
  const { world, code } = await buildShop();
  const other = await mintCode(world, EVE);
  await world.work();
  await ask(world, tap(world, code), { email: "first@example.com", prefix: "203.0.113" });
  await world.query(`
    INSERT INTO claims (shop_id, id, code_id, click_id, clicked_at, email_hash, prefix_hash, claimed_at, expires_at)
    SELECT shop_id, gen_random_uuid(), code_id, gen_random_uuid(), clicked_at, sha256(n::text::bytea), sha256(n::text::bytea), claimed_at, expires_at
      FROM claims, generate_series(1, 199) AS n`);
  for (let n = 0; n < 20; n += 1) {
    const answer = told(await ask(world, tap(world, code), { email: `spray${n}@example.com`, prefix: `198.51.${n}` }));
    expect(answer).toBe("too_many_requests");
  }
  expect(told(await ask(world, tap(world, other), { email: "mara@example.com" }))).toMatch(/^[0-9A-Z]{16}$/);
  expect(await poolOf(world)).toMatchObject({ claimed: 2 });
});

test("a claim keeps the cart it was made with as a keyed hash; a cart that comes later joins the claim of its tap", async () => {
  const { world, code } = await buildShop();
  const token = tap(world, code);
  const cartOf = async () => {
    const [row] = await world.query<{ cart: string | null }>(
      "SELECT encode(cart_token_hash, 'hex') AS cart FROM claims",
    );
    return row?.cart;
  };
  await ask(world, token, { email: "mara@example.com" });
  expect(await cartOf()).toBeNull();
  await ask(world, tap(world, code), { email: "mara@example.com", cartToken: "cart-of-a-stranger" });
  expect(await cartOf()).toBeNull();
  await ask(world, token, { cartToken: "cart-of-mara" });
  expect(await cartOf()).toBe(world.shop.keyring.fact("cart", "cart-of-mara"));
});

test("where the friend's side comes later an address is kept as evidence, once, and makes room when its time is over", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const mara = { email: "mara@example.com", device: newId() };
  for (let n = 0; n < 2; n += 1) expect(await ask(world, tap(world, code), mara)).toMatchObject({ welcomeCode: null });
  await ask(world, tap(world, code), { device: newId() });
  const states = () => world.query("SELECT state, welcome_code AS code FROM claims ORDER BY claimed_at");
  expect(await states()).toEqual([{ state: "live", code: null }]);
  world.clock.skip(WINDOW_MS + 1);
  await ask(world, tap(world, code), mara);
  expect(await states()).toEqual([
    { state: "expired", code: null },
    { state: "live", code: null },
  ]);
});

test("a logged-in customer who has bought, or who owns the link, gets no code", async () => {
  const { world, code } = await buildShop();
  expect(told(await ask(world, tap(world, code), { customerId: DAN }))).toBe("not_new_customer");
  await buy(world, { orderId: "5001" });
  world.clock.skip(DAY_MS);
  expect(told(await ask(world, tap(world, code), { customerId: MARA }))).toBe("not_new_customer");
  expect(told(await ask(world, tap(world, code), { customerId: "7777" }))).toMatch(/^[0-9A-Z]{16}$/);
  expect(await personOf(world, "7777")).toBeNull();
});

test("nobody learns from an e-mail address whether it belongs to a customer", async () => {
  const { world, code } = await buildShop();
  await buy(world, { orderId: "5001", email: "mara@example.com" });
  expect(told(await ask(world, tap(world, code), { email: "mara@example.com" }))).toMatch(/^[0-9A-Z]{16}$/);
});

test("a token that was not made here, is of another shop, too old, a bot's or of no code gets nothing", async () => {
  const { world, code } = await buildShop();
  const other = await buildUseCases(db);
  expect(told(await ask(world, "a".repeat(120)))).toBe("bad_request");
  expect(told(await ask(world, tap(other, code)))).toBe("bad_request");
  expect(told(await ask(world, tap(world, code, { shopId: other.shopId })))).toBe("bad_request");
  expect(told(await ask(world, tap(world, code, { flags: 1 })))).toBe("link_expired");
  expect(told(await ask(world, tap(world, "0-0-0")))).toBe("link_expired");
  expect(told(await ask(world, tap(world, "ZZZZZ")))).toBe("link_expired");
  const token = tap(world, code);
  world.clock.skip(WINDOW_MS);
  expect(told(await ask(world, token))).toBe("link_expired");
});

test("a retired code, a paused programme and terms that give the friend's side later give no code", async () => {
  const { world, code } = await buildShop();
  const token = tap(world, code);
  await saveTerms(world, { shopId: world.shopId, patch: { paused: true }, actor: "test" });
  expect(told(await ask(world, token))).toBe("campaign_closed");
  await saveTerms(world, { shopId: world.shopId, patch: { paused: false }, actor: "test" });
  const personId = (await personOf(world, DAN)) ?? "";
  await retireCode(world, { shopId: world.shopId, personId, reason: "merchant", actor: "test" });
  expect(told(await ask(world, token))).toBe("link_expired");
  const later = await buildUseCases(db);
  const result = await ask(later, tap(later, await mintCode(later)));
  expect(result).toMatchObject({ welcomeCode: null, retry: false, offer: { friend: "£10 off" } });
});

test("a claim that was not used ends with the window: its code leaves the shop, and is never given again", async () => {
  const { world, code } = await buildShop();
  const claimed = told(await ask(world, tap(world, code)));
  world.clock.skip(WINDOW_MS + 1);
  await world.work();
  expect(world.shopify.codes.has(claimed)).toBe(false);
  expect(
    await world.query(
      "SELECT c.state AS claim, w.state AS code FROM claims c JOIN welcome_codes w ON w.claim_id = c.id",
    ),
  ).toEqual([{ claim: "expired", code: "expired" }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("the withdrawal of a code is tried again until Shopify has done it", async () => {
  const { world, code } = await buildShop();
  const claimed = told(await ask(world, tap(world, code)));
  const holds = () => world.shopify.codes.has(claimed);
  world.clock.skip(WINDOW_MS + 1);
  world.shopify.trouble = { outcome: "throttled", retryAfterMs: 1_000 };
  await world.work();
  expect(holds()).toBe(true);
  world.shopify.trouble = null;
  world.clock.skip(DAY_MS);
  await world.work();
  expect(holds()).toBe(false);
});

test("with the e-mail asked for first there is a code for an address alone, and the same one for its browser from then on", async () => {
  const { world, code } = await buildShop();
  await saveTerms(world, { shopId: world.shopId, patch: { email_first: true }, actor: "test" });
  const token = tap(world, code);
  const device = newId();
  const bare = await ask(world, token, { device });
  expect(bare).toMatchObject({ welcomeCode: null, emailFirst: true, offer: { friend: "£10 off" } });
  expect(await world.query("SELECT 1 FROM claims"), "nothing is taken from the pool").toEqual([]);
  const given = told(await ask(world, token, { device, email: "mara@example.com" }));
  expect(given).toMatch(/^[0-9A-Z]{16}$/);
  expect(told(await ask(world, tap(world, code), { device }))).toBe(given);
  expect(told(await ask(world, tap(world, code), { device: newId() })), "another browser gives its own").toBe(
    "no_code",
  );
});
