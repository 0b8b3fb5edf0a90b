/** Why a reviewer may reject, as the field offers it. */
export const REJECT_REASONS = [
  { label: "Same person", value: "same_person" },
  { label: "Same household", value: "same_household" },
  { label: "Not a real friend", value: "not_a_friend" },
  { label: "Abuse of the programme", value: "abuse" },
  { label: "Something else", value: "other" },
] as const;
