import type { ComparisonView, ReviewTeamView } from "#app/read-models.ts";

/** Three people who opened the app; the first keeps the list, and asks. */
export function buildReviewTeam(): ReviewTeamView {
  const since = "2026-10-01T09:00:00.000Z";
  const member = { since, isYou: false, manages: false, mayDecide: false };
  return {
    listedOnly: true,
    secondOver: { amount: "50.00", currency: "GBP" },
    mayChange: true,
    staff: [
      { ...member, subject: "7001", isYou: true, manages: true, mayDecide: true },
      { ...member, subject: "7002", mayDecide: true },
      { ...member, subject: "7003" },
    ],
  };
}

/** A couple: one card, one address but for a letter. */
export function buildComparison(): readonly ComparisonView[] {
  return [
    { fact: "name", referrer: "Sam Reed", friend: "Jo Lind", likeness: "different", telling: false },
    {
      fact: "email",
      referrer: "sam.reed@example.com",
      friend: "jo@example.org",
      likeness: "different",
      telling: false,
    },
    { fact: "phone", referrer: "+44 7700 900001", friend: null, likeness: "unknown", telling: false },
    { fact: "street", referrer: "12 High Street", friend: "12 High Stret", likeness: "alike", telling: true },
    { fact: "zip", referrer: "LS1 4AP", friend: "LS1 4AP", likeness: "same", telling: true },
    { fact: "city", referrer: "Leeds", friend: "Leeds", likeness: "same", telling: false },
    {
      fact: "card",
      referrer: "Visa •••• 4242, 04/2030",
      friend: "Visa •••• 4242, 04/2030",
      likeness: "same",
      telling: true,
    },
  ];
}
