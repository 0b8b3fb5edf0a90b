import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import type { OutboxWork } from "./ports.ts";
import { askedOf, loadOpenWorks, referralIdOf } from "./referral-work.ts";
import type { OpenWork, ReferralWorkDeps, WorkWithEvidence } from "./referral-work.ts";

/** The rows that were worked on together and are done; the others come to their own runs. */
export type DoneTogether = ReadonlyMap<string, { readonly outcome: "done" }>;

/** Referrals of one transaction: some calls to Shopify lie before it, and nobody should wait long for its locks. */
const TOGETHER_MAX = 40;
/** Where Shopify makes calls wait, what is left after so long has runs of its own, which know when their lease ends. */
const TOGETHER_MS_MAX = 10_000;

/**
 * Loads what rows of one shop are about, reads what Shopify says of those that are wanted, and hands them to `work`, some at a
 * time. When Shopify cannot be asked, the rest is left to runs of their own, which say what becomes of it.
 *
 * @param work does what can be done together; returns the referrals that are done
 */
export async function withEvidence(
  deps: ReferralWorkDeps,
  asked: {
    readonly shopId: string;
    readonly rows: readonly OutboxWork[];
    readonly isWanted: (work: OpenWork) => boolean;
  },
  work: (shop: KnownShop, read: readonly WorkWithEvidence[]) => Promise<ReadonlySet<string>>,
): Promise<DoneTogether> {
  const { shopId, rows, isWanted } = asked;
  const shop = await deps.shops.byId(shopId);
  const done = new Set<string>();
  if (shop === null) return new Map();
  const admin = deps.admin.forShop(shopId, shop.domain);
  const deadlineMs = performance.now() + TOGETHER_MS_MAX;
  for (let from = 0; from < rows.length && performance.now() < deadlineMs; from += TOGETHER_MAX) {
    const some = rows.slice(from, from + TOGETHER_MAX);
    const loaded = await loadOpenWorks(deps, shopId, some);
    // In the order of their rows, as they would come one by one: the first of two takes what is left of a cap.
    const wanted = [...new Set(some.map((row) => loaded.get(referralIdOf(row) ?? "")))]
      .filter((work) => work !== undefined)
      .filter(isWanted);
    if (wanted.length < 2) continue;
    const read = await admin.readEvidence(wanted.map(askedOf));
    if (read.outcome !== "ok") break;
    const withAnswers = wanted.flatMap((one, n) => {
      const evidence = read.evidence[n];
      return evidence === undefined || evidence.order === null ? [] : [{ work: one, evidence }];
    });
    const finished = await work(shop, withAnswers);
    for (const referralId of finished) done.add(referralId);
    // What comes after one that takes a closer look comes after it.
    if (finished.size < wanted.length) break;
  }
  return new Map(
    rows.filter((row) => done.has(referralIdOf(row) ?? "")).map((row) => [row.id, { outcome: "done" } as const]),
  );
}
