import type { Observer } from "../oracle/observer.ts";

/** How a path ended, as the database has it. */
export type Ending = {
  /** A code's text when somebody is credited, else a reason. */
  readonly ended: string;
  readonly isCredited: boolean;
  readonly carrier: string | null;
  readonly losers: readonly string[];
};

type ReferralRow = { shop: string; state: string; reason: string | null; code: string; carrier: string | null };
type WeighedRow = { shop: string; reason: string | null; won: boolean; losers: { reason: string }[] };

const CREDITED = new Set(["PENDING", "HELD", "REWARDED"]);

/** Reads how it ended in every shop. An order without evidence leaves no row: that is `no_token`. */
export async function readEndings(observer: Observer): Promise<(shop: string) => Ending> {
  const referrals = (await observer.query(REFERRALS)) as ReferralRow[]; // the columns of the statement below
  const weighed = (await observer.query(WEIGHED)) as WeighedRow[]; // the columns of the statement below
  return (shop) =>
    endingOf(
      referrals.filter((row) => row.shop === shop),
      weighed.filter((row) => row.shop === shop),
    );
}

function endingOf(referrals: readonly ReferralRow[], weighed: readonly WeighedRow[]): Ending {
  const losers = [...new Set(weighed.flatMap((row) => row.losers.map(({ reason }) => reason)))];
  const credited = referrals.filter(({ state }) => CREDITED.has(state));
  const [first, second] = credited;
  if (second !== undefined) return { ended: "credited twice", isCredited: false, carrier: null, losers };
  if (first !== undefined) return { ended: first.code, isCredited: true, carrier: first.carrier, losers };
  const refused = referrals.at(-1)?.reason;
  const last = weighed.at(-1);
  const unweighed = last?.won === true ? "weighed, not opened" : (last?.reason ?? "no_token");
  return { ended: refused ?? unweighed, isCredited: false, carrier: null, losers };
}

const REFERRALS = `
  SELECT s.domain AS shop, r.state, r.reason, c.code, r.evidence->>'carrier' AS carrier
    FROM referrals r JOIN shops s ON s.id = r.shop_id JOIN codes c ON c.shop_id = r.shop_id AND c.id = r.code_id
   ORDER BY r.opened_at, r.id`;

const WEIGHED = `
  SELECT s.domain AS shop, a.reason, a.click_id IS NOT NULL AS won, a.losers
    FROM attributions a JOIN shops s ON s.id = a.shop_id ORDER BY a.at, a.id`;
