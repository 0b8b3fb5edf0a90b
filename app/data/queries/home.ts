import { AppError } from "#app/platform/errors.ts";
import type { HomeView, SetupStepView, TallyView } from "#app/read-models.ts";
import { forShop } from "../prisma.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";
import { tallyView } from "./raw.ts";

type ShopFacts = {
  readonly name: string | null;
  readonly domain: string | null;
  readonly currency: string | null;
  readonly exponent: number | null;
  readonly payoutsPaused: string | null;
  readonly backfilledAt: Date | null;
  readonly termsVersion: number | null;
  readonly programPaused: boolean;
  readonly termsCurrency: string | null;
  readonly usageLimitCounts: "code" | "discount" | null;
};

type Counts = {
  readonly clicks: bigint;
  readonly lastClickAt: Date | null;
  readonly links: bigint;
  readonly pending: bigint;
  readonly held: bigint;
  readonly rewarded: bigint;
  readonly ended: bigint;
  readonly openCases: bigint;
};

type UnitSum = { readonly unit: string; readonly amount: bigint };

/**
 * The home screen: live set-up checks, the funnel, and what is promised, owed and given, read from the ledger.
 *
 * @throws AppError `shop_unknown` when the shop has no row.
 */
export async function homeView(deps: QueryDeps, input: { shopId: string; now: Date }): Promise<HomeView> {
  const { shopId } = input;
  return forShop(deps.prisma, shopId, async (tx) => {
    const [shop] = await shopFacts(tx, shopId);
    const [counts] = await countsOf(tx, shopId);
    if (shop === undefined || counts === undefined) throw new AppError("shop_unknown");
    const tally = (sums: readonly UnitSum[]) => tallyView(sums, shop.currency ?? "USD", shop.exponent ?? 2);
    const pending = Number(counts.pending);
    const held = Number(counts.held);
    const rewarded = Number(counts.rewarded);
    const ended = Number(counts.ended);
    return {
      shopName: shop.name ?? shop.domain ?? "",
      shopDomain: shop.domain ?? "",
      setup: setupSteps(shop, counts),
      funnel: {
        clicks: Number(counts.clicks),
        opened: pending + held + rewarded + ended,
        pending,
        held,
        rewarded,
        ended,
      },
      links: Number(counts.links),
      promised: tally(await promisedSums(tx, shopId)),
      outstanding: tally(await outstandingSums(tx, shopId)),
      rewarded: tally(await rewardedSums(tx, shopId)),
      leakage: leakageView(await leakageSums(tx, shopId), tally),
      openCases: Number(counts.openCases),
      payoutsPaused: shop.payoutsPaused,
      programPaused: shop.programPaused,
      hasNewCurrency: shop.termsCurrency !== null && shop.termsCurrency !== shop.currency,
    };
  });
}

function shopFacts(tx: ReadTx, shopId: string): Promise<ShopFacts[]> {
  return tx.$queryRaw<ShopFacts[]>`
    SELECT s.name, s.domain, s.currency, s.exponent::int AS exponent, s.payouts_paused AS "payoutsPaused", s.backfilled_at AS "backfilledAt",
           t.version AS "termsVersion", t.currency AS "termsCurrency", s.usage_limit_counts AS "usageLimitCounts", coalesce((t.settings ->> 'paused')::boolean, false) AS "programPaused"
      FROM shops s
      LEFT JOIN LATERAL (SELECT version, currency, settings FROM terms WHERE shop_id = s.id ORDER BY version DESC LIMIT 1) t ON true
     WHERE s.id = ${shopId}::uuid`;
}

function countsOf(tx: ReadTx, shopId: string): Promise<Counts[]> {
  return tx.$queryRaw<Counts[]>`
    SELECT k.clicks, k."lastClickAt", (SELECT count(*) FROM codes WHERE shop_id = ${shopId}::uuid AND state = 'active') AS links,
           r.pending, r.held, r.rewarded, r.ended, (SELECT count(*) FROM cases WHERE shop_id = ${shopId}::uuid AND state = 'open') AS "openCases"
      FROM (SELECT count(*) AS clicks, max(clicked_at) AS "lastClickAt" FROM clicks WHERE shop_id = ${shopId}::uuid AND flags = 0 AND code_id IS NOT NULL) k,
           (SELECT count(*) FILTER (WHERE state = 'PENDING') AS pending, count(*) FILTER (WHERE state = 'HELD') AS held,
                   count(*) FILTER (WHERE state = 'REWARDED') AS rewarded, count(*) FILTER (WHERE settlement = 'VOID') AS ended
              FROM referrals WHERE shop_id = ${shopId}::uuid) r`;
}

/** What open referrals would cost if all of them ended well. */
function promisedSums(tx: ReadTx, shopId: string): Promise<UnitSum[]> {
  return tx.$queryRaw<UnitSum[]>`
    SELECT p.unit, sum(p.amount)::bigint AS amount
      FROM referrals r JOIN ledger_transfers p ON p.shop_id = r.shop_id AND p.referral_id = r.id AND p.kind = 1
     WHERE r.shop_id = ${shopId}::uuid AND r.settlement = 'OPEN' GROUP BY p.unit`;
}

/** What customers may still use: the liability. */
function outstandingSums(tx: ReadTx, shopId: string): Promise<UnitSum[]> {
  return tx.$queryRaw<UnitSum[]>`
    SELECT unit, sum(remaining)::bigint AS amount FROM rewards
     WHERE shop_id = ${shopId}::uuid AND status IN ('owed', 'sending', 'issued', 'blocked', 'unknown') GROUP BY unit`;
}

function rewardedSums(tx: ReadTx, shopId: string): Promise<UnitSum[]> {
  return tx.$queryRaw<UnitSum[]>`
    SELECT unit, sum(amount)::bigint AS amount FROM rewards
     WHERE shop_id = ${shopId}::uuid AND kind IN ('earned', 'welcome') GROUP BY unit`;
}

type LeakageSum = UnitSum & { readonly codes: bigint };

/** What welcome codes took off orders that brought nobody: spent, and earned by no referral. */
function leakageSums(tx: ReadTx, shopId: string): Promise<LeakageSum[]> {
  return tx.$queryRaw<LeakageSum[]>`
    SELECT unit, sum(amount)::bigint AS amount, count(DISTINCT code) AS codes FROM leakage
     WHERE shop_id = ${shopId}::uuid GROUP BY unit`;
}

function leakageView(sums: readonly LeakageSum[], tally: (sums: readonly UnitSum[]) => TallyView): HomeView["leakage"] {
  return { codes: sums.reduce((codes, sum) => codes + Number(sum.codes), 0), cost: tally(sums).money };
}

function setupSteps(shop: ShopFacts, counts: Counts): SetupStepView[] {
  const isKnown = shop.backfilledAt !== null;
  const isTapped = counts.lastClickAt !== null;
  const isOwn = (shop.termsVersion ?? 0) > 1;
  return [
    { id: "installed", state: "done", detail: `Connected to ${shop.domain ?? "your shop"}.` },
    {
      id: "customers",
      state: isKnown ? "done" : "waiting",
      detail: isKnown
        ? "Everybody who bought before the install is known, so none of them counts as new."
        : "Your customers are being read, so that none of them counts as new. This runs by itself.",
    },
    {
      id: "embed",
      state: "unknown",
      detail: "In your theme, under App embeds, switch on Goodword: it keeps a tap until the friend orders.",
    },
    {
      id: "links",
      state: isTapped ? "done" : "waiting",
      detail: isTapped
        ? "A link was tapped and led to your shop."
        : "No link was tapped yet. Tap one yourself: your own taps never count.",
    },
    {
      id: "offer",
      state: isOwn ? "done" : "waiting",
      detail: isOwn
        ? "Your own terms are in force."
        : "The offer that every shop starts with is in force. Make it yours in Programme.",
    },
    codesStep(shop.usageLimitCounts),
  ];
}

/** Only an order shows what a limit counts, so a person says what they saw. */
function codesStep(counts: ShopFacts["usageLimitCounts"]): SetupStepView {
  switch (counts) {
    case "code":
      return {
        id: "codes",
        state: "done",
        detail: "Each code of a discount can be used once. Codes of a week share one.",
      };
    case "discount":
      return {
        id: "codes",
        state: "done",
        detail: "A discount can be used once in all, so every reward gets its own.",
      };
    case null:
      return {
        id: "codes",
        state: "unknown",
        detail:
          "When two codes of one Goodword discount have been used, say so here. If Shopify refuses the second, every reward gets a discount of its own from then on.",
      };
  }
}
