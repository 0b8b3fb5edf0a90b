import { isObject } from "#app/domain/json/read.ts";
import type { TimelineEventView } from "#app/read-models.ts";
import type { AuditRow, DecisionRow, DetailRow, NoteRow } from "./referral-rows.ts";

type Event = Omit<TimelineEventView, "at"> & { readonly at: Date };

export type TimelineFacts = {
  readonly referral: DetailRow;
  readonly clickedAt: Date | null;
  readonly decisions: readonly DecisionRow[];
  readonly audit: readonly AuditRow[];
  readonly notes: readonly NoteRow[];
};

const BARE = { reason: null, note: null } as const;

const SIDES: Readonly<Record<number, string>> = { 1: "referrer", 2: "friend" };

const NOTE_ENDS: Readonly<Record<string, { readonly title: string; readonly tone: Event["tone"] }>> = {
  sent: { title: "Thank-you note sent to the", tone: "good" },
  unknown: { title: "Perhaps sent, never sent twice: the note to the", tone: "careful" },
  failed: { title: "Thank-you note could not be sent to the", tone: "careful" },
};

/** What the audit calls a step, in a merchant's words. A step without words here is shown by its own name. */
const ACTIONS: Readonly<Record<string, { readonly title: string; readonly tone: Event["tone"] }>> = {
  "referral.opened": { title: "Referral opened", tone: "plain" },
  "referral.converted": { title: "First order recorded", tone: "plain" },
  "referral.order_paid": { title: "First order paid", tone: "plain" },
  "referral.held": { title: "Held: waits for a person", tone: "careful" },
  "case.approved_first": { title: "Approved by the first of two reviewers", tone: "careful" },
  "referral.opened_by_hand": { title: "Opened by hand", tone: "careful" },
  "referral.approved": { title: "Approved by a reviewer", tone: "good" },
  "referral.rewarded": { title: "Both sides rewarded", tone: "good" },
  "referral.rejected": { title: "Rejected", tone: "bad" },
  "referral.expired": { title: "Expired without an order", tone: "bad" },
  "referral.voided": { title: "Voided", tone: "bad" },
  "referral.order_dropped": { title: "The order was taken off; another may count", tone: "careful" },
  "case.opened": { title: "Waits for a person", tone: "careful" },
  "referral.appealed": { title: "The referrer asked for another look", tone: "careful" },
  "case.noted": { title: "Note by a reviewer", tone: "plain" },
  "case.updated": { title: "More was taken back from the order", tone: "careful" },
  "case.left": { title: "Left as it is by a reviewer", tone: "plain" },
  "case.rejected": { title: "Rejected by a reviewer", tone: "bad" },
  "reward.issued": { title: "Reward issued", tone: "good" },
  "note.sent_again": { title: "Thank-you note sent again by the merchant", tone: "plain" },
  "reward.redeemed": { title: "Discount code used", tone: "good" },
  "reward.use_unbooked": { title: "A use of the code asks for a person", tone: "careful" },
  "reward.use_reversed": { title: "The order that used the code was cancelled", tone: "careful" },
  "reward.expired": { title: "Discount code ended unused", tone: "plain" },
  "reward.withdrawn": { title: "Unused code withdrawn by a reviewer", tone: "careful" },
  "reward.clawed_back": { title: "Receivable: the next reward is set off", tone: "careful" },
  "receivable.waived": { title: "Rest of the receivable waived", tone: "plain" },
  "reward.offset": { title: "Reward set off against a receivable", tone: "careful" },
  "reward.goodwill": { title: "Goodwill reward given", tone: "good" },
  "reward.replaced": { title: "Withdrawn or expired reward replaced", tone: "good" },
  "reward.sent_again": { title: "Reward sent again by a reviewer", tone: "careful" },
  "referral.undone": { title: "Rejection undone: it runs on as a new referral", tone: "good" },
  "code.withdrawn": { title: "Withdrawn code is gone from the shop", tone: "plain" },
  "welcome.use_reversed": { title: "The order that used the welcome code was cancelled", tone: "careful" },
  "welcome.expired": { title: "Welcome code ran out", tone: "plain" },
  "block.added": { title: "Put on the block list", tone: "careful" },
  "block.removed": { title: "Taken off the block list", tone: "plain" },
  "code.named": { title: "The link got another name", tone: "plain" },
  "codes.imported": { title: "Links of another programme were brought over", tone: "plain" },
  "reward.blocked": { title: "Shopify refused the reward", tone: "careful" },
  "reward.unknown": { title: "Nobody can tell whether the reward was given: please look", tone: "careful" },
};

/** At one instant, what caused comes before what the screen said of it, and that before what came of it. */
const CAUSES: ReadonlySet<string> = new Set(["referral.opened", "referral.converted", "referral.order_paid"]);
const CAME_OF_THE_SCREEN: ReadonlySet<string> = new Set(["referral.held", "referral.rejected"]);

/** Everything that is on record about a referral, oldest first. Pure. */
export function timelineOf(facts: TimelineFacts): TimelineEventView[] {
  const causes = facts.audit.filter((row) => CAUSES.has(row.action));
  const rest = facts.audit.filter((row) => !CAUSES.has(row.action));
  const events: Event[] = [
    ...tapped(facts),
    ...causes.map(auditEvent),
    ...toldDecisions(facts).map((row) => decisionEvent(row, facts.audit)),
    ...rest.map(auditEvent),
    ...facts.notes.map(noteEvent),
  ];
  // The sort is stable: at one instant the order above holds.
  return events
    .toSorted((left, right) => left.at.getTime() - right.at.getTime())
    .map((event) => ({ ...event, at: event.at.toISOString() }));
}

/** The screen looks often. Told are its changes of mind and the look before the payout, unless the audit says as much. */
function toldDecisions({ decisions, audit }: TimelineFacts): DecisionRow[] {
  return decisions.filter((row, index) => {
    const before = decisions[index - 1];
    const isNews = before === undefined || before.verdict !== row.verdict || before.phase !== row.phase;
    const isSaid = audit.some(
      (entry) => CAME_OF_THE_SCREEN.has(entry.action) && entry.at.getTime() === row.at.getTime(),
    );
    return isNews && !(isSaid && row.verdict !== "pass");
  });
}

function tapped({ referral, clickedAt }: TimelineFacts): Event[] {
  if (clickedAt === null) return [];
  return [
    {
      at: clickedAt,
      title: `Link tapped${referral.code === null ? "" : `: ${referral.code}`}`,
      ...BARE,
      tone: "plain",
    },
  ];
}

function auditEvent(row: AuditRow): Event {
  const words = ACTIONS[row.action] ?? { title: nameOf(row.action), tone: "plain" };
  const detail = isObject(row.detail) ? row.detail : {};
  return { at: row.at, ...words, reason: textOf(detail["reason"]), note: textOf(detail["note"]) };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function nameOf(action: string): string {
  const words = action.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function decisionEvent(row: DecisionRow, audit: readonly AuditRow[]): Event {
  const moment = row.phase === "payout" ? " before the payout" : "";
  const wasApproved = audit.some((entry) => entry.action === "referral.approved" && entry.at <= row.at);
  if (row.verdict === "pass") return { at: row.at, title: `Screen passed${moment}`, ...BARE, tone: "plain" };
  if (row.verdict === "block") return { at: row.at, title: `Blocked by the screen${moment}`, ...BARE, tone: "bad" };
  return wasApproved
    ? { at: row.at, title: `The screen saw again what was approved${moment}`, ...BARE, tone: "plain" }
    : { at: row.at, title: `The screen asks for a person${moment}`, ...BARE, tone: "careful" };
}

function noteEvent(row: NoteRow): Event {
  const end = NOTE_ENDS[row.state] ?? { title: `Note ${row.state} for the`, tone: "plain" };
  return { at: row.at, title: `${end.title} ${SIDES[row.side] ?? "customer"}`, ...BARE, tone: end.tone };
}
