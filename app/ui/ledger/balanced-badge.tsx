import { Badge } from "@shopify/polaris";
import type { LedgerView } from "../../read-models.ts";
import { formatInstant } from "../format.ts";

/** Whether the books agree with themselves, and since when that is known. */
export function BalancedBadge({ ledger }: { ledger: Pick<LedgerView, "isBalanced" | "balancedAt"> }) {
  if (ledger.isBalanced === null) return <Badge>Not checked yet</Badge>;
  const when = ledger.balancedAt === null ? "" : ` on ${formatInstant(ledger.balancedAt)}`;
  return ledger.isBalanced ? (
    <Badge tone="success">{`Balanced${when}`}</Badge>
  ) : (
    <Badge tone="critical">{`Not balanced${when}`}</Badge>
  );
}
