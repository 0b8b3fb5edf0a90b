import { sealClickToken } from "../../app/platform/click-token.ts";
import { claimWelcome } from "../../app/usecases/claim-welcome.ts";
import { installShop } from "../../app/usecases/install-shop.ts";
import { mintLink } from "../../app/usecases/mint-link.ts";
import { retireCode } from "../../app/usecases/retire-code.ts";
import { reviewCase } from "../../app/usecases/review-case.ts";
import { saveTerms } from "../../app/usecases/save-terms.ts";
import type { InboxFacts } from "../../app/domain/event/inbox-facts.ts";
import { buildOrderFacts } from "../../test/builders/domain.ts";
import { buildAdminOrder, buildCustomerAnswer } from "../../test/builders/fake-shopify.ts";
import { casesOf, personFacts, personOf } from "../../test/builders/journeys.ts";
import type { UseCases } from "../../test/builders/usecases.ts";
import { ACCOUNTS } from "./story.ts";
import type { Who } from "./story.ts";
import type { Message, OrderMessage, Seen, Tap, TrueOrder } from "./told.ts";

/** Work that is no moment of a story: rewards lapse months later, and what is compared with Shopify is so for good. */
const NOT_WAITED_FOR = "('reward.expire', 'welcome.expire', 'orders.read', 'discounts.compare')";
const RUNS_MAX = 2_000;
const TOPICS: Readonly<Record<Exclude<Message["kind"], "order">, string>> = {
  customer: "customers/create",
  bind: "goodword/bind",
  refund: "refunds/create",
  merge: "customers/merge",
  redact: "customers/redact",
  uninstalled: "app/uninstalled",
};

/** What an account is known by. */
export function customerIdOf(who: Who): string {
  return String(9_007_199_254_741_000n + BigInt(ACCOUNTS.indexOf(who)));
}

/** The real app in one shop: its use cases and drains over PostgreSQL, a clock that jumps from one due moment to the next. */
export function createAppShop(world: UseCases) {
  const { clock, shopify, shopId } = world;
  for (const who of ACCOUNTS) {
    const id = customerIdOf(who);
    shopify.customers.set(id, buildCustomerAnswer(id, { numberOfOrders: 0n, email: `${who}@example.com` }));
  }

  /** Lets time pass; every row is worked on at the moment at which it falls due. */
  async function pass(now: number): Promise<void> {
    for (let runs = 0; runs < RUNS_MAX; runs += 1) {
      const [due] = await world.query<{ at: Date | null; inbox: boolean }>(
        `SELECT least(i.at, o.at) AS at, coalesce(i.at <= o.at, i.at IS NOT NULL) AS inbox
           FROM (SELECT min(next_at) AS at FROM inbox WHERE next_at IS NOT NULL) i,
                (SELECT min(next_at) AS at FROM outbox WHERE next_at IS NOT NULL AND topic NOT IN ${NOT_WAITED_FOR}) o`,
      );
      if (due === undefined || due.at === null || due.at.getTime() > now) {
        clock.set(now);
        return;
      }
      clock.set(Math.max(clock.now().getTime(), due.at.getTime()));
      await world.workOn(due.inbox ? "inbox" : "outbox");
    }
    throw new Error("there is always something due");
  }

  /** Shows the pretend Shopify as it is now: that is what the app reads. */
  function show(order: TrueOrder): void {
    const status = { no: "PAID", part: "PARTIALLY_REFUNDED", full: "REFUNDED" }[order.refunded];
    const paid = order.paidAt === null ? { financialStatus: "PENDING", fullyPaid: false } : { financialStatus: status };
    const id = { orderId: order.id, customerId: customerIdOf(order.owner), createdAt: new Date(order.at) };
    const cancelledAt = order.cancelledAt === null ? null : new Date(order.cancelledAt);
    const risk = order.risky ? "INVESTIGATE" : "ACCEPT";
    shopify.orders.set(order.id, buildAdminOrder({ ...id, ...paid, cancelledAt, risk }));
  }

  function tokenOf({ id, code, at, expiresAt }: Tap): string {
    const times = { issuedAt: new Date(at), expiresAt: new Date(expiresAt) };
    return sealClickToken(world.keys, { shopId, codeText: code, clickId: id, ...times, flags: 0 });
  }

  function person(who: Who) {
    return personFacts(world, customerIdOf(who), { email: `${who}@example.com` });
  }

  function orderFacts(told: OrderMessage): InboxFacts {
    const { order: orderId, at, paidAt, cancelledAt, device } = told;
    const codes = told.welcomeCode === null ? [] : [told.welcomeCode];
    return buildOrderFacts({
      orderId,
      person: person(told.who),
      createdAt: at,
      processedAt: at,
      updatedAt: clock.now().getTime(),
      paidAt,
      cancelledAt,
      device,
      discountCodes: codes,
      discounts: codes.map((code) => ({ code, amount: "10.00" })),
      tokens: { cartAttribute: told.taps.map(tokenOf), landingSite: [] },
    });
  }

  function factsOf(message: Message): InboxFacts {
    switch (message.kind) {
      case "customer":
        return {
          kind: "customer",
          person: person(message.who),
          createdAt: null,
          updatedAt: null,
          state: "enabled",
          token: null,
        };
      case "bind": {
        const bound = { ...person(message.who), emailHash: null };
        const { at, device, taps } = message;
        return { kind: "bind", person: bound, tokens: taps.map(tokenOf), device, at };
      }
      case "order":
        return orderFacts(message);
      case "refund": {
        const { order: orderId, refund: refundId, amount } = message;
        return { kind: "refund", orderId, refundId, amount, currency: "GBP", at: clock.now().getTime(), full: null };
      }
      case "merge": {
        const hash = (who: Who): string => world.shop.keyring.person("customer", customerIdOf(who));
        return { kind: "merge", keptHash: hash(message.into), deletedHash: hash(message.who), keptId: null };
      }
      case "redact":
        return { kind: "redact", person: person(message.who), orderIds: [] };
      case "uninstalled":
        return { kind: "uninstalled", at: message.at };
    }
  }

  return {
    pass,
    show,
    async hear(message: Message, webhookId: string): Promise<void> {
      const topic = message.kind === "order" ? message.topic : TOPICS[message.kind];
      await world.deliver(topic, factsOf(message), webhookId);
      await pass(clock.now().getTime());
    },
    /** @returns the text of the person's code, or null when none is given */
    async mint(who: Who, device: string | null): Promise<string | null> {
      const customer = shopify.customers.get(customerIdOf(who));
      if (customer !== undefined) shopify.customers.set(customer.customerId, { ...customer, numberOfOrders: 1n });
      const minted = await mintLink(world, { shop: world.shop, customerId: customerIdOf(who), device });
      return minted.outcome === "refused" ? null : minted.code;
    },
    /** @returns what the claim brought, or null when it was refused or there was no code to give */
    async claim(who: Who, tap: Tap, device: string | null): Promise<{ welcomeCode: string | null } | null> {
      const nobody = { customerId: null, prefix: null, cartToken: null, locale: "en" };
      const asked = { ...nobody, shop: world.shop, email: `${who}@example.com` };
      const claimed = await claimWelcome(world, { ...asked, token: tokenOf(tap), device });
      return claimed.outcome === "claimed" && !claimed.retry ? claimed : null;
    },
    hasCode: (code: string): boolean => shopify.codes.has(code),
    async offer(patch: Readonly<Record<string, unknown>>): Promise<void> {
      const saved = await saveTerms(world, { shopId, patch, actor: "merchant" });
      if (saved.outcome === "invalid") throw new Error(JSON.stringify(saved.problems));
    },
    async retire(who: Who, reason: "abuse" | "merchant"): Promise<void> {
      const personId = await personOf(world, customerIdOf(who));
      if (personId !== null) await retireCode(world, { shopId, personId, reason, actor: "merchant" });
    },
    async decide(intent: "approve" | "reject"): Promise<void> {
      const open = (await casesOf(world)).filter(({ kind, state }) => kind === "fraud_hold" && state === "open");
      const held = await world.query<{ id: string; caseId: string; version: number }>(
        `SELECT r.id, c.id AS "caseId", c.version FROM referrals r JOIN cases c ON c.shop_id = r.shop_id AND c.referral_id = r.id
          WHERE r.state = 'HELD' AND c.state = 'open' AND c.kind = 'fraud_hold' ORDER BY r.opened_at DESC, r.id DESC LIMIT 1`,
      );
      const [one] = held;
      if (one === undefined) return;
      const { caseId, version } = one;
      const input = { shopId, caseId, version, intent, reason: "looked at", note: null, actor: "staff" };
      const result = await reviewCase(world, input);
      if (result.outcome !== "decided") throw new Error(`${intent}: ${JSON.stringify(result)} of ${open.length} open`);
    },
    async away(isGone: boolean): Promise<void> {
      shopify.trouble = isGone ? { outcome: "unauthorised" } : null;
      if (!isGone) await installShop(world, { domain: world.domain, scopes: "read_orders" });
    },
    seen: () => seen(world),
    leftovers: () => leftovers(world),
  };
}

/** Every referral as it stands, oldest first. */
async function seen(world: UseCases): Promise<Seen[]> {
  const people = new Map<string, Who[]>();
  for (const who of ACCOUNTS) {
    const id = await personOf(world, customerIdOf(who));
    if (id !== null) people.set(id, [...(people.get(id) ?? []), who].toSorted());
  }
  const rows = await world.query<Omit<Seen, "friend" | "referrer"> & { friend: string; referrer: string }>(
    `SELECT coalesce(f.merged_into, f.id) AS friend, coalesce(w.merged_into, w.id) AS referrer,
            r.qualifying_order::text AS "order", r.state, r.reason,
            ARRAY(SELECT x.side || ':' || x.kind FROM rewards x WHERE x.shop_id = r.shop_id AND x.referral_id = r.id ORDER BY x.side, x.kind) AS rewards,
            ARRAY(SELECT DISTINCT c.kind FROM cases c WHERE c.shop_id = r.shop_id AND c.referral_id = r.id
                     AND c.kind IN ('conflict', 'refund_after_reward') ORDER BY c.kind) AS cases
       FROM referrals r
       JOIN people f ON f.shop_id = r.shop_id AND f.id = r.friend_person
       JOIN people w ON w.shop_id = r.shop_id AND w.id = r.referrer_person
      ORDER BY r.opened_at, r.id`,
  );
  return rows.map((row) => ({
    ...row,
    friend: people.get(row.friend) ?? [],
    referrer: people.get(row.referrer) ?? [],
  }));
}

/** What nobody will ever take up again, in words; empty when all is well. */
async function leftovers(world: UseCases): Promise<string[]> {
  const rows = await world.query<{ what: string }>(
    `SELECT 'inbox ' || topic || ' is ' || state AS what FROM inbox WHERE state <> 'done'
     UNION ALL SELECT 'outbox ' || topic || ' is ' || state FROM outbox WHERE state = 'dead'
     UNION ALL SELECT 'a referral is PENDING past its time' FROM referrals WHERE state = 'PENDING'
     UNION ALL SELECT 'a reward of side ' || side || ' is ' || status FROM rewards WHERE status NOT IN ('issued', 'redeemed', 'expired')
     UNION ALL SELECT 'the shop is closed' FROM shops WHERE uninstalled_at IS NOT NULL`,
  );
  const codes = await world.query<{ code: string }>(
    "SELECT code FROM rewards WHERE kind = 'earned' AND status = 'issued'",
  );
  const missing = codes
    .filter(({ code }) => !world.shopify.codes.has(code))
    .map(() => "a reward's code is not in the shop");
  return [...rows.map(({ what }) => what), ...missing];
}
