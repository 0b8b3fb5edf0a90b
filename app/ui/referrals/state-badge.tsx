import { Badge } from "@shopify/polaris";
import type { ReferralStateView } from "../../read-models.ts";
import { STATE_WORDS } from "../why-words.ts";

/** The state of a referral as a badge: word and colour, never colour alone. */
export function StateBadge({ state }: { state: ReferralStateView }) {
  const { label, tone } = STATE_WORDS[state];
  return tone === undefined ? <Badge>{label}</Badge> : <Badge tone={tone}>{label}</Badge>;
}
