import pg from "pg";
import { witness } from "../journey/actors.ts";
import { simulatedNow } from "../oracle/gather.ts";
import { createObserver } from "../oracle/observer.ts";
import { auditShops } from "../oracle/read-books.ts";
import type { Couple } from "./crowd.ts";
import type { Story } from "./pipeline.ts";
import type { Stage } from "./world.ts";

/** What became of the referrals, and every way in which that is not what it had to be. */
export type Convergence = { readonly faults: readonly string[]; readonly notesUnknown: number };

type Ended = {
  readonly referrals: string[] | null;
  readonly rewards: { order: string; side: number; status: string; code: string | null }[] | null;
  readonly posts: number;
  readonly notes: NoteEnded[] | null;
  readonly dead: number;
};
type NoteEnded = { readonly order: string; readonly side: number; readonly state: string };

const ENDED = `
  SELECT (SELECT array_agg(state) FROM referrals WHERE shop_id = $1) AS referrals,
         (SELECT jsonb_agg(jsonb_build_object('order', f.qualifying_order::text, 'side', r.side, 'status', r.status, 'code', r.code)
                           ORDER BY f.qualifying_order, r.side)
          FROM rewards r JOIN referrals f USING (shop_id) WHERE r.shop_id = $1 AND f.id = r.referral_id) AS rewards,
         (SELECT count(*)::int FROM ledger_transfers WHERE shop_id = $1 AND kind = 2) AS posts,
         (SELECT jsonb_agg(jsonb_build_object('order', f.qualifying_order::text, 'side', r.side, 'state', n.state))
          FROM notes n JOIN rewards r USING (shop_id) JOIN referrals f USING (shop_id)
          WHERE n.shop_id = $1 AND r.id = n.reward_id AND f.id = r.referral_id) AS notes,
         (SELECT count(*)::int FROM inbox WHERE shop_id = $1 AND state = 'dead') + (SELECT count(*)::int FROM outbox WHERE shop_id = $1 AND state = 'dead') AS dead`;

/** Asks the database, the check views and the outside world. Each paid once, one reward a side, at most one note each. */
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
    const { couples } = stage;
    const given = 2 * couples.length;
    expect(
      same(
        referrals,
        couples.map(() => "REWARDED"),
      ),
      `referrals: ${JSON.stringify(referrals)}`,
    );
    const wanted = couples.map(({ orderId }) => orderId).toSorted();
    expect(
      same(
        rewards?.map(({ order, side, status }) => [order, side, status]),
        wanted.flatMap((orderId) => [1, 2].map((side) => [orderId, side, "issued"])),
      ),
      `rewards: ${JSON.stringify(rewards)}`,
    );
    expect(posts === given, `${posts} posts`);
    expect(dead === 0, `${dead} rows given up`);
    for (const [view, count] of Object.entries(checks)) expect(count === 0, `${view}: ${count}`);
    const seen = { fixed: outside.codes, store_credit: outside.storeCredits, gift_card: outside.giftCards }[story.kind];
    expect(seen.length === given, `${seen.length} given outside`);
    if (story.kind === "fixed") {
      const codes = rewards?.map(({ code }) => String(code)) ?? [];
      expect(same(codes.toSorted(), outside.codes.toSorted()), "the codes outside are not those of the rewards");
    }
    const mailsTo = Map.groupBy(outside.mails, ({ to }) => String(to));
    faults.push(...notesAstray(couples, notes ?? [], (address) => mailsTo.get(address)?.length ?? 0));
    return { faults, notesUnknown: notes?.filter(({ state }) => state === "unknown").length ?? 0 };
  } finally {
    await Promise.all([owner.end(), observer.close()]);
  }
}

/** A note each for both of every couple, and as many mails to each address as notes to it were sent. */
function notesAstray(
  couples: readonly Couple[],
  notes: readonly NoteEnded[],
  mailsTo: (address: string) => number,
): string[] {
  const due = couples.flatMap(({ orderId, referrer, friend }) => [
    { order: orderId, side: 1, address: referrer },
    { order: orderId, side: 2, address: friend },
  ]);
  return [...Map.groupBy(due, ({ address }) => address)].flatMap(([address, dueTo]) => {
    const states = dueTo.map(({ order, side }) => {
      const own = notes.filter((note) => note.order === order && note.side === side);
      return own.length === 1 ? own[0]?.state : `${own.length} notes`;
    });
    const sent = states.filter((state) => state === "sent").length;
    // Between the mail and the record of it nobody can tell: such a note is shown, and not sent again.
    const unknown = states.filter((state) => state === "unknown").length;
    const mails = mailsTo(address);
    const isFine = sent + unknown === dueTo.length && sent <= mails && mails <= dueTo.length;
    return isFine ? [] : [`notes of one address are ${states.join(", ")}, with ${mails} mails`];
  });
}

function same(seen: unknown, wanted: unknown): boolean {
  return JSON.stringify(seen) === JSON.stringify(wanted);
}
