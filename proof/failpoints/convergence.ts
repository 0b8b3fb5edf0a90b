import pg from "pg";
import { witness } from "../journey/actors.ts";
import { simulatedNow } from "../oracle/gather.ts";
import { createObserver } from "../oracle/observer.ts";
import { auditShops } from "../oracle/read-books.ts";
import type { Story } from "./pipeline.ts";
import type { Stage } from "./world.ts";

/** What became of the referral, and every way in which that is not what it had to be. */
export type Convergence = { readonly faults: readonly string[]; readonly notesUnknown: number };

type Ended = {
  readonly referrals: string[] | null;
  readonly rewards: { side: number; status: string; code: string | null }[] | null;
  readonly posts: number;
  readonly notes: { side: number; state: string }[] | null;
  readonly dead: number;
};

const ENDED = `
  SELECT (SELECT array_agg(state) FROM referrals WHERE shop_id = $1) AS referrals,
         (SELECT jsonb_agg(jsonb_build_object('side', side, 'status', status, 'code', code) ORDER BY side) FROM rewards WHERE shop_id = $1) AS rewards,
         (SELECT count(*)::int FROM ledger_transfers WHERE shop_id = $1 AND kind = 2) AS posts,
         (SELECT jsonb_agg(jsonb_build_object('side', side, 'state', state) ORDER BY side) FROM notes WHERE shop_id = $1) AS notes,
         (SELECT count(*)::int FROM inbox WHERE shop_id = $1 AND state = 'dead') + (SELECT count(*)::int FROM outbox WHERE shop_id = $1 AND state = 'dead') AS dead`;

/** Asks the database, the check views and the outside world. Paid once, one reward a side, at most one note each. */
export async function convergenceOf(stage: Stage, story: Story): Promise<Convergence> {
  const owner = new pg.Client({ connectionString: stage.databaseUrl });
  await owner.connect();
  const observer = createObserver(stage.databaseUrl);
  try {
    const { rows } = await owner.query<Ended>(ENDED, [stage.shopId]);
    const [ended] = rows;
    if (ended === undefined) throw new Error("one row answers");
    const outside = await witness(stage.shop);
    const checks = await observer.checks(await simulatedNow(stage.shop.target));
    const books = await auditShops(observer, [stage.shop.domain]);
    const faults: string[] = [...books.findings];
    const expect = (isSo: boolean, what: string): void => void (isSo || faults.push(what));
    const { referrals, rewards, posts, notes, dead } = ended;
    expect(same(referrals, ["REWARDED"]), `referrals: ${JSON.stringify(referrals)}`);
    expect(
      same(
        rewards?.map(({ side, status }) => [side, status]),
        [
          [1, "issued"],
          [2, "issued"],
        ],
      ),
      `rewards: ${JSON.stringify(rewards)}`,
    );
    expect(posts === 2, `${posts} posts`);
    expect(dead === 0, `${dead} rows given up`);
    for (const [view, count] of Object.entries(checks)) expect(count === 0, `${view}: ${count}`);
    const given = { fixed: outside.codes, store_credit: outside.storeCredits, gift_card: outside.giftCards }[
      story.kind
    ];
    expect(given.length === 2, `${given.length} given outside`);
    if (story.kind === "fixed") {
      const codes = rewards?.map(({ code }) => String(code)) ?? [];
      expect(same(codes.toSorted(), outside.codes.toSorted()), "the codes outside are not those of the rewards");
    }
    for (const [index, address] of stage.addresses.entries()) {
      const state = notes?.[index]?.state ?? "no note";
      const mails = outside.mails.filter(({ to }) => to === address).length;
      // Between the mail and the record of it nobody can tell: such a note is shown, and not sent again.
      const isFine = state === "sent" ? mails === 1 : state === "unknown" && mails <= 1;
      expect(isFine, `note ${index + 1} is ${state}, with ${mails} mails`);
    }
    return { faults, notesUnknown: notes?.filter(({ state }) => state === "unknown").length ?? 0 };
  } finally {
    await Promise.all([owner.end(), observer.close()]);
  }
}

function same(seen: unknown, wanted: unknown): boolean {
  return JSON.stringify(seen) === JSON.stringify(wanted);
}
