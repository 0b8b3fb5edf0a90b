import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import type { HomeView, TallyView } from "../../read-models.ts";
import { formatTally } from "../format.ts";

/** What referrals owe and have paid, and what welcome codes cost for nothing; read from the ledger. */
export function MoneyCards({ home }: { home: Pick<HomeView, "promised" | "outstanding" | "rewarded" | "leakage"> }) {
  const { codes, cost } = home.leakage;
  return (
    <InlineGrid columns={{ xs: 1, sm: codes === 0 ? 3 : 2 }} gap="400">
      <Figure title="Promised" tally={home.promised} detail="If every open referral ends well" />
      <Figure title="Owed" tally={home.outstanding} detail="Rewards earned and not used yet" />
      <Figure title="Rewarded so far" tally={home.rewarded} detail="Both sides, since the start" />
      {codes > 0 && (
        <Figure
          title="Leakage"
          tally={{ money: cost, coupons: 0 }}
          detail={`${codes === 1 ? "One welcome code" : `${codes} welcome codes`} used that brought no friend`}
        />
      )}
    </InlineGrid>
  );
}

function Figure({ title, tally, detail }: { title: string; tally: TallyView; detail: string }) {
  return (
    <Card>
      <BlockStack gap="100">
        <Text as="h2" variant="headingSm" tone="subdued">
          {title}
        </Text>
        <span className="gw-figure">
          <Text as="p" variant="headingLg">
            {formatTally(tally)}
          </Text>
        </span>
        <Text as="p" variant="bodySm" tone="subdued">
          {detail}
        </Text>
      </BlockStack>
    </Card>
  );
}
