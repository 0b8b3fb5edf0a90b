import type { Pools } from "#app/data/pools.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { shopTimezone } from "#app/data/shops.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { claimTelling, endTelling, untoldBlocked, untoldCases, weekNews } from "#app/data/team-mail.repo.ts";
import type { CaseNews } from "#app/data/team-mail.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { wordSettings } from "#app/data/words.repo.ts";
import { digestWeek } from "#app/domain/note/digest-week.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import type { MailSender, OutboxWork, WorkVerdict } from "#app/usecases/ports.ts";
import { renderTeamMail } from "./team-mail.ts";
import type { TeamNews } from "./team-mail.ts";

export type WatchTeamDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly shops: ShopDirectory;
  readonly mail: MailSender;
  readonly mailFrom: string;
  /** Where the app is in a shop's admin. */
  readonly adminUrlOf: (domain: string) => string;
};

/** How long the team may not have heard of a case. */
const LOOK_EVERY_MS = 10 * 60_000;
const WEEK_MS = 7 * 86_400_000;

type Telling = { readonly news: TeamNews; readonly abouts: readonly string[]; readonly to: readonly string[] };

/**
 * Tells a shop's team by mail what waits for a person, what waits too long, which rewards were refused, and once a week how it
 * went: each thing once. The row comes back as long as somebody wants to be told; a newer row of the same shop ends it.
 */
export async function watchTeam(deps: WatchTeamDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId, payload } = row;
  const shop = await deps.shops.byId(shopId);
  if (shop === null || !shop.installed) return { outcome: "done" };
  const now = deps.clock.now();
  const since = typeof payload["since"] === "string" ? Date.parse(payload["since"]) : now.getTime();
  const step = await inShop(deps.pools, shopId, (tx) => gather(tx, deps, { shop, now, since, rowId: row.id }));
  if (step === "nobody") return { outcome: "done" };
  if (step !== "nothing") await tell(deps, shopId, step);
  return { outcome: "again", at: new Date(now.getTime() + LOOK_EVERY_MS), reason: "watching" };
}

async function gather(
  tx: Tx,
  deps: WatchTeamDeps,
  of: { shop: KnownShop; now: Date; since: number; rowId: string },
): Promise<Telling | "nobody" | "nothing"> {
  const { shop, now } = of;
  const { shopId } = shop;
  const { teamMail } = await wordSettings(tx, shopId);
  if (teamMail.length === 0 || (await hasNewerWatch(tx, shopId, of.rowId))) return "nobody";
  const cases = await untoldCases(tx, shopId, now);
  const blocked = await untoldBlocked(tx, shopId);
  const { monday, beganMs } = digestWeek(now.getTime(), await shopTimezone(tx, shopId));
  const digest = beganMs > of.since ? [`digest:${monday}`] : [];
  const abouts = [...cases.map(aboutCase), ...blocked.map(({ id }) => `reward:${id}`), ...digest];
  if (abouts.length === 0) return "nothing";
  const mine = await claimTelling(tx, shopId, abouts, now);
  if (mine.size === 0) return "nothing";
  const isDigest = digest.some((about) => mine.has(about));
  const news: TeamNews = {
    shopName: shop.name,
    cases: cases.filter((each) => mine.has(aboutCase(each))),
    blocked: blocked.filter(({ id }) => mine.has(`reward:${id}`)),
    week: isDigest ? await weekNews(tx, shopId, new Date(now.getTime() - WEEK_MS)) : null,
    now,
    adminUrl: deps.adminUrlOf(shop.domain),
  };
  return { news, abouts: [...mine], to: teamMail };
}

function aboutCase({ id, isLate }: CaseNews): string {
  return `${isLate ? "late" : "case"}:${id}`;
}

/** Only a mail that certainly did not go out is tried again. */
async function tell(deps: WatchTeamDeps, shopId: string, { news, abouts, to }: Telling): Promise<void> {
  const written = renderTeamMail(news);
  const sent = await deps.mail.send({ to: to.join(", "), from: deps.mailFrom, ...written, headers: {} });
  const isAgain = sent.outcome === "refused" && !sent.permanent;
  const state = isAgain ? "untold" : sent.outcome === "refused" ? "failed" : sent.outcome;
  await inShop(deps.pools, shopId, (tx) => endTelling(tx, shopId, abouts, state));
}

async function hasNewerWatch(tx: Tx, shopId: string, rowId: string): Promise<boolean> {
  const rows = await tx.query(
    "SELECT 1 AS one FROM outbox WHERE shop_id = $1 AND topic = 'team.watch' AND id > $2 LIMIT 1",
    [shopId, rowId],
  );
  return rows.length > 0;
}

/** Begins to watch for a shop whose team wants to be told. @param now digests begin with the Monday after it */
export async function beginWatch(tx: Tx, shopId: string, now: Date): Promise<void> {
  const id = newId();
  const work = { topic: "team.watch", dedupeKey: `watch:${id}`, payload: { since: now.toISOString() } } as const;
  await enqueueOutbox(tx, { id, shopId, ...work, nextAt: now, now });
}
