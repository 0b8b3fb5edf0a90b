import { expect, test } from "vitest";
import type { AuditRow, DecisionRow, DetailRow } from "./referral-rows.ts";
import { timelineOf } from "./timeline.ts";

const T1 = new Date("2026-11-10T10:00:00Z");
const T2 = new Date("2026-11-11T10:00:00Z");
const T3 = new Date("2026-11-25T10:00:00Z");

const REFERRAL = { code: "7QK2A" } as DetailRow; // the only field that the timeline reads

function audit(at: Date, action: string, detail: Record<string, unknown> = {}): AuditRow {
  return { at, actor: "worker", action, detail };
}

function decision(at: Date, verdict: string, phase = "open"): DecisionRow {
  return { at, phase, verdict, score: 0, ruleset: "1", rules: [] };
}

function titles(rows: { audit: AuditRow[]; decisions: DecisionRow[] }): string[] {
  return timelineOf({ referral: REFERRAL, clickedAt: T1, notes: [], ...rows }).map((event) => event.title);
}

test("timelineOf puts cause, screen and outcome of one instant in that order", () => {
  const rows = {
    audit: [audit(T3, "referral.rewarded"), audit(T2, "referral.opened")],
    decisions: [decision(T3, "pass", "payout"), decision(T2, "pass")],
  };
  expect(titles(rows)).toEqual([
    "Link tapped: 7QK2A",
    "Referral opened",
    "Screen passed",
    "Screen passed before the payout",
    "Both sides rewarded",
  ]);
});

test("timelineOf tells a look of the screen only when it says something new", () => {
  const rows = {
    audit: [audit(T2, "referral.held", { reason: "same_card" })],
    decisions: [decision(T1, "pass"), decision(T2, "pass"), decision(T2, "hold")],
  };
  expect(titles(rows)).toEqual(["Link tapped: 7QK2A", "Screen passed", "Held: waits for a person"]);
});

test("timelineOf says that the screen saw again what a reviewer had approved", () => {
  const rows = {
    audit: [audit(T2, "referral.approved", { note: "A couple" })],
    decisions: [decision(T3, "hold", "payout")],
  };
  expect(titles(rows)).toEqual([
    "Link tapped: 7QK2A",
    "Approved by a reviewer",
    "The screen saw again what was approved before the payout",
  ]);
});

test("timelineOf keeps a reviewer's note apart from the recorded reason, and shows steps that it has no words for", () => {
  const rows = [
    audit(T2, "case.rejected", { note: "I called", reason: "same_person", caseId: "1" }),
    audit(T3, "some.new_step"),
  ];
  expect(timelineOf({ referral: REFERRAL, clickedAt: null, notes: [], decisions: [], audit: rows })).toEqual([
    { at: T2.toISOString(), title: "Rejected by a reviewer", reason: "same_person", note: "I called", tone: "bad" },
    { at: T3.toISOString(), title: "Some new step", reason: null, note: null, tone: "plain" },
  ]);
});
