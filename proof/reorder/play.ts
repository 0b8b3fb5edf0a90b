import { NOON } from "../../test/builders/domain.ts";
import { buildUseCases } from "../../test/builders/usecases.ts";
import { newId } from "../../app/platform/ids.ts";
import type { Metrics } from "../../app/platform/metrics.ts";
import type { Pools } from "../../app/data/pools.ts";
import { createModel } from "./model.ts";
import { createAppShop } from "./shop.ts";
import { ACCOUNTS, DAY_MS, OWNERS } from "./story.ts";
import type { Step, Story, Who } from "./story.ts";
import type { Claim, Message, Offer, OrderMessage, Seen, Tap, TrueOrder } from "./told.ts";

/** By then every window, cooling-off and unpaid order is over. */
const END_MS = 90 * DAY_MS;

/** What a story is played on: a migrated database that many shops share. */
export type Stage = { readonly pools: Pools; readonly databaseUrl: string; readonly metrics: Metrics };
/** How a story ended: on the app's side, and where the two sides differ. */
export type Played = {
  readonly seen: readonly Seen[];
  readonly differences: readonly string[];
  /** Something was left that nobody will ever take up again. */
  readonly stuck: boolean;
  readonly messages: number;
  /** Messages that came before one that was sent earlier. */
  readonly overtaken: number;
};

type Moment = { readonly at: number; readonly run: () => Promise<void> };

/**
 * Plays a story on the real app and on the model, and compares how it ends.
 *
 * @param deafTo messages that the app never hears of: the control, in which the comparison has to find something
 */
export async function play(stage: Stage, story: Story, deafTo: OrderMessage["topic"] | null = null): Promise<Played> {
  const orders = new Map<string, TrueOrder>();
  const world = await buildUseCases(stage, { terms: story.terms, fulfils: true, metrics: stage.metrics });
  const app = createAppShop(world);
  let offer = offerOf(story.terms, { windowDays: 30, coolingOffDays: 14, paused: false, friendIsPaidAfter: true });
  const model = createModel(orders, offer);
  const codes = new Map<Who, string>();
  const windows = new Map<string, number>();
  const jars = new Map<Who, Tap[]>();
  const pockets = new Map<Who, string>();
  const claims = new Set<string>();
  const accounts = new Map<Who, Who>(ACCOUNTS.map((who) => [who, who]));
  const newest = new Map<Who, string>();
  const told = new Map<string, { message: OrderMessage; webhookId: string }[]>();
  const welcomes = new Map<string, string>();
  const moments: Moment[] = [];
  let now = NOON;
  let [messages, overtaken, lastSent] = [0, 0, 0];

  function at(ms: number, run: () => Promise<void>): void {
    const place = moments.findIndex((moment) => moment.at > ms);
    moments.splice(place === -1 ? moments.length : place, 0, { at: ms, run });
  }
  function send(message: Message, lag: number, webhookId: string = newId()): void {
    const sentAt = now;
    at(now + lag, async () => {
      messages += 1;
      if (sentAt < lastSent) overtaken += 1;
      lastSent = Math.max(lastSent, sentAt);
      // A row that was stored before is not worked on again.
      if (!heard.has(webhookId)) model.hear(message);
      heard.add(webhookId);
      if (message.kind !== "order" || message.topic !== deafTo) await app.hear(message, webhookId);
    });
  }
  const heard = new Set<string>();
  const deviceOf = (who: Who): string => (story.onDansDevice === who || who === "dan" ? DEVICES.dan : DEVICES[who]);
  const accountOf = (who: Who): Who => accounts.get(who) ?? who;

  async function mint(owner: Who): Promise<void> {
    const text = await app.mint(accountOf(owner), deviceOf(owner));
    if (text === null) return;
    if (!windows.has(text)) windows.set(text, offer.windowDays);
    codes.set(owner, text);
    model.minted(accountOf(owner), text, deviceOf(owner));
  }

  function tell(order: TrueOrder, topic: OrderMessage["topic"], lag: number, from: Partial<OrderMessage> = {}): void {
    const before = told.get(order.id) ?? [];
    const base = before[0]?.message;
    const message: OrderMessage = {
      kind: "order",
      order: order.id,
      who: order.owner,
      at: order.at,
      taps: base?.taps ?? [],
      welcomeCode: base?.welcomeCode ?? null,
      device: base?.device ?? null,
      ...from,
      topic,
      paidAt: topic === "orders/paid" ? order.paidAt : null,
      cancelledAt: order.cancelledAt,
    };
    const webhookId = newId();
    told.set(order.id, [...before, { message, webhookId }]);
    send(message, lag, webhookId);
  }

  async function happen(step: Step): Promise<void> {
    if ("who" in step) return happenTo(step, step.who);
    switch (step.do) {
      case "approve":
      case "reject":
        model.decide(step.do);
        return app.decide(step.do);
      case "uninstall": {
        model.away(true);
        await app.away(true);
        send({ kind: "uninstalled", at: now }, step.lag);
        return at(now + step.awayMs, async () => {
          await app.away(false);
          model.away(false);
        });
      }
      case "retire":
        model.retire(accountOf(step.owner), step.reason);
        return app.retire(accountOf(step.owner), step.reason);
      case "mint":
        return mint(step.owner);
      case "terms":
        offer = offerOf(step.patch, offer);
        model.offers(offer);
        return app.offer(step.patch);
    }
  }

  async function happenTo(step: Extract<Step, { who: Who }>, person: Who): Promise<void> {
    const who = accountOf(person);
    const jar = jars.get(person) ?? [];
    const order = orders.get(newest.get(person) ?? "");
    switch (step.do) {
      case "tap": {
        const code = codes.get(step.owner);
        const days = windows.get(code ?? "");
        if (code === undefined || days === undefined) return;
        jars.set(person, [{ id: newId(), code, at: now, expiresAt: now + days * DAY_MS }, ...jar].slice(0, 5));
        return;
      }
      case "claim": {
        const [tap] = jar;
        const claimed = tap === undefined ? null : await app.claim(who, tap, deviceOf(person));
        if (tap === undefined || claimed === null) return;
        const { welcomeCode } = claimed;
        if (welcomeCode !== null) pockets.set(person, welcomeCode);
        // The same code on every ask belongs to the tap of the first.
        if (welcomeCode !== null && claims.has(welcomeCode)) return;
        if (welcomeCode !== null) claims.add(welcomeCode);
        const claim: Claim = { tap, device: deviceOf(person), welcomeCode };
        return model.claimed(claim);
      }
      case "sign_up":
        return send({ kind: "customer", who }, step.lag);
      case "bind":
        return send({ kind: "bind", who, at: now, taps: jar, device: deviceOf(person) }, step.lag);
      case "order": {
        const id = String(500_000 + orders.size);
        const made: TrueOrder = {
          id,
          at: now,
          risky: step.risky,
          owner: who,
          paidAt: null,
          cancelledAt: null,
          refunded: "no",
        };
        orders.set(id, made);
        newest.set(person, id);
        const pocket = pockets.get(person);
        const uses = step.usesCode && pocket !== undefined && app.hasCode(pocket);
        if (uses) {
          pockets.delete(person);
          welcomes.set(id, pocket);
        }
        const device = step.onDevice ? deviceOf(person) : null;
        const from = { taps: step.carries ? jar : [], welcomeCode: uses ? pocket : null, device };
        if (step.paidLag !== null) made.paidAt = now;
        app.show(made);
        tell(made, "orders/create", step.lag, from);
        if (step.paidLag !== null) tell(made, "orders/paid", step.paidLag);
        return;
      }
      case "pay":
        if (order === undefined || order.paidAt !== null || order.cancelledAt !== null) return;
        order.paidAt = now;
        app.show(order);
        return tell(order, "orders/paid", step.lag);
      case "again":
        for (const { message, webhookId } of told.get(order?.id ?? "") ?? [])
          send(message, step.lag, step.fresh ? newId() : webhookId);
        return;
      case "refund": {
        if (order === undefined || order.paidAt === null || order.refunded !== "no" || order.cancelledAt !== null)
          return;
        order.refunded = step.full ? "full" : "part";
        app.show(order);
        return send(
          { kind: "refund", order: order.id, refund: `7${order.id}`, amount: step.full ? "42.00" : "5.00" },
          step.lag,
        );
      }
      case "cancel":
        if (order === undefined || order.cancelledAt !== null) return;
        order.cancelledAt = now;
        app.show(order);
        return tell(order, "orders/cancelled", step.lag);
      case "merge": {
        const into = accountOf(step.into);
        if (who === into) return;
        for (const [one, account] of accounts) if (account === who) accounts.set(one, into);
        for (const one of orders.values()) {
          if (one.owner === who) one.owner = into;
          app.show(one);
        }
        return send({ kind: "merge", who, into }, step.lag);
      }
      case "redact":
        return send({ kind: "redact", who }, step.lag);
    }
  }

  for (const owner of OWNERS) await mint(owner);
  for (const step of story.steps) at(NOON + step.at, () => happen(step));
  for (let moment = moments.shift(); moment !== undefined; moment = moments.shift()) {
    // While a shop comes back, its work looks again within minutes: nothing happens before it has.
    now = Math.max(moment.at, now);
    for (let free = model.pass(now); free > now; free = model.pass(now)) now = free;
    await app.pass(now);
    await moment.run();
  }
  now += END_MS;
  model.pass(now);
  await app.pass(now);
  const seen = await app.seen();
  const leftovers = await app.leftovers();
  const differences = [...compare(model.seen(), seen), ...leftovers];
  return { seen, differences, stuck: leftovers.length > 0, messages, overtaken };
}

const DEVICES: Readonly<Record<Who, string>> = {
  dan: "00000000-0000-4000-8000-000000000001",
  eve: "00000000-0000-4000-8000-000000000002",
  mara: "00000000-0000-4000-8000-000000000003",
  ned: "00000000-0000-4000-8000-000000000004",
  ola: "00000000-0000-4000-8000-000000000005",
};

function offerOf(patch: Readonly<Record<string, unknown>>, before: Offer): Offer {
  const friend = patch["friend"];
  const when = typeof friend === "object" && friend !== null && "when" in friend ? friend.when : null;
  return {
    windowDays: Number(patch["window_days"] ?? before.windowDays),
    coolingOffDays: Number(patch["cooling_off_days"] ?? before.coolingOffDays),
    paused: patch["paused"] === undefined ? before.paused : patch["paused"] === true,
    friendIsPaidAfter: when === null ? before.friendIsPaidAfter : when === "after_first_order",
  };
}

function compare(expected: readonly Seen[], found: readonly Seen[]): string[] {
  const text = (one: Seen | undefined): string => JSON.stringify(one) ?? "none";
  const rows = Math.max(expected.length, found.length);
  return Array.from({ length: rows }, (_, index) => index)
    .filter((index) => text(expected[index]) !== text(found[index]))
    .map((index) => `referral ${index + 1}: expected ${text(expected[index])}, found ${text(found[index])}`);
}
