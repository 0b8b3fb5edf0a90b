import type { CaseNews, RewardNews, UnitCost, WeekNews } from "#app/data/team-mail.repo.ts";
import { isObject } from "#app/domain/json/read.ts";
import { formatDecimal } from "#app/domain/money/decimal.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import { escapeHtml } from "#app/usecases/reward-mail.ts";

export type TeamNews = {
  readonly shopName: string;
  readonly cases: readonly CaseNews[];
  readonly blocked: readonly RewardNews[];
  readonly week: { readonly week: WeekNews; readonly costs: readonly UnitCost[] } | null;
  readonly now: Date;
  /** Where the app is in the shop's admin, "https://admin.shopify.com/store/freshbox/apps/goodword". */
  readonly adminUrl: string;
};

const SHOWN_MAX = 20;
const DAY_MS = 86_400_000;
const MICROS_PER_USD = 1_000_000;
const CASE_TITLES: Readonly<Record<string, string>> = {
  fraud_hold: "Held by the screen",
  reward_cap: "A cap or the budget is full",
  refund_after_reward: "Money went back after the reward",
  unknown_fulfilment: "Nobody can tell whether a reward was given",
  appeal: "A customer asks for another look",
  conflict: "Two people turned out to be one",
};

type Line = { readonly title: string; readonly detail: string; readonly link: string };

/**
 * Writes the mail to a shop's team: what waits, with rule and numbers, and links into the admin, where a person who is signed in
 * decides. Nothing in it decides anything, whoever opens or follows it. No names: those are for the admin.
 */
export function renderTeamMail(news: TeamNews): { subject: string; text: string; html: string } {
  const lines = [
    ...news.cases.map((each) => caseLine(each, news)),
    ...news.blocked.map((each) => blockedLine(each, news)),
  ];
  const shown = lines.slice(0, SHOWN_MAX);
  const more = lines.length - shown.length;
  const week = news.week === null ? [] : weekLines(news.week, news.now);
  const end = `To decide, sign in to your admin: ${news.adminUrl}/app/review`;
  const text = [
    ...shown.map((line) => `${line.title}\n${line.detail}\n${line.link}`),
    ...(more > 0 ? [`And ${String(more)} more.`] : []),
    ...(week.length > 0 ? [week.join("\n")] : []),
    end,
  ].join("\n\n");
  const html = [
    ...shown.map(
      (line) =>
        `<p><strong>${escapeHtml(line.title)}</strong><br>${escapeHtml(line.detail)}<br><a href="${escapeHtml(line.link)}">Open</a></p>`,
    ),
    ...(more > 0 ? [`<p>And ${String(more)} more.</p>`] : []),
    ...(week.length > 0 ? [`<p>${week.map(escapeHtml).join("<br>")}</p>`] : []),
    `<p>${escapeHtml(end)}</p>`,
  ].join("\n");
  return {
    subject: subjectOf(news),
    text: `${text}\n`,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head><body style="font:16px/1.5 -apple-system,'Segoe UI',Arial,sans-serif;max-width:560px;margin:0 auto;padding:20px;overflow-wrap:anywhere">${html}</body></html>`,
  };
}

function subjectOf({ cases, blocked, shopName }: TeamNews): string {
  const late = cases.filter(({ isLate }) => isLate).length;
  if (late > 0) return `${shopName}: ${count(late, "case waits", "cases wait")} too long`;
  if (blocked.length > 0) return `${shopName}: ${count(blocked.length, "reward was", "rewards were")} refused`;
  if (cases.length > 0) return `${shopName}: ${count(cases.length, "case waits", "cases wait")} for you`;
  return `${shopName}: your referrals this week`;
}

function caseLine(each: CaseNews, { now, adminUrl }: TeamNews): Line {
  const age = count(daysBetween(each.openedAt, now), "day", "days");
  const title = CASE_TITLES[each.kind] ?? each.kind;
  return {
    title: each.isLate ? `Too long: ${title.toLowerCase()}` : title,
    detail: [rulesInWords(each), `Waits for ${age}.`].filter((part) => part !== "").join(" "),
    link: `${adminUrl}/app/review?case=${each.id}`,
  };
}

/** "same_card (60: matched true), score 60." Evidence holds numbers and truths, never what they were found in. */
function rulesInWords({ rules, score, reason }: CaseNews): string {
  const fired = Array.isArray(rules) ? rules.filter(isObject) : [];
  if (fired.length === 0) return reason === null ? "" : `${reason}.`;
  const said = fired.map((rule) => {
    const evidence = isObject(rule["evidence"]) ? Object.entries(rule["evidence"]) : [];
    const facts = evidence.map(([name, value]) => `${name} ${String(value)}`).join(", ");
    return `${String(rule["id"])} (${String(rule["weight"])}${facts === "" ? "" : `: ${facts}`})`;
  });
  return `${said.join("; ")}${score === null ? "" : `; score ${String(score)}`}.`;
}

function blockedLine(each: RewardNews, { adminUrl }: TeamNews): Line {
  return {
    title: "Shopify refused a reward",
    detail: "It stays owed until the cause is gone.",
    link: `${adminUrl}/app/${each.referralId === null ? "health" : `referrals/${each.referralId}`}`,
  };
}

function weekLines({ week, costs }: NonNullable<TeamNews["week"]>, now: Date): string[] {
  const oldest = week.oldestCaseAt === null ? null : daysBetween(week.oldestCaseAt, now);
  const cost = costs.map(costInWords).join(" and ");
  return [
    `Referrals paid in seven days: ${String(week.paidReferrals)}, ${count(week.rewards, "reward", "rewards")}`,
    `What they cost: ${cost === "" ? "nothing" : cost}`,
    `Waiting for a person: ${String(week.held)}${oldest === null ? "" : `, the oldest for ${count(oldest, "day", "days")}`}`,
    `Words this month: ${(Number(week.wordsMicros) / MICROS_PER_USD).toFixed(2)} USD`,
  ];
}

function costInWords({ unit, exponent, amount }: UnitCost): string {
  const currency = parseCurrency(unit);
  if (currency === null) return count(Number(amount), "coupon", "coupons");
  return `${formatDecimal({ minor: amount, currency }, exponent)} ${unit}`;
}

function daysBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / DAY_MS));
}

function count(number: number, one: string, many: string): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}
