import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { HomeView } from "../../read-models.ts";
import { formatCount } from "../format.ts";

type Stage = { readonly id: string; readonly label: string; readonly count: number; readonly bar: string };

/** From tap to reward: how many came how far. Bars are drawn to one scale, and the numbers are beside them. */
export function FunnelCard({ funnel }: { funnel: HomeView["funnel"] }) {
  const stages: Stage[] = [
    { id: "clicks", label: "Taps on links", count: funnel.clicks, bar: "clicks" },
    { id: "opened", label: "Friends signed up", count: funnel.opened, bar: "opened" },
    { id: "rewarded", label: "Friends rewarded", count: funnel.rewarded, bar: "rewarded" },
  ];
  const most = Math.max(1, ...stages.map((stage) => stage.count));
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          From tap to reward
        </Text>
        <div className="gw-funnel">
          {stages.map((stage) => (
            <div className="gw-funnel__row" key={stage.id}>
              <Text as="span">{stage.label}</Text>
              <div className="gw-funnel__track" aria-hidden="true">
                <div
                  className={`gw-funnel__bar gw-funnel__bar--${stage.count === 0 ? "none" : stage.bar}`}
                  style={{ width: `${String((stage.count / most) * 100)}%` }}
                />
              </div>
              <span className="gw-number">
                <Text as="span" fontWeight="semibold">
                  {formatCount(stage.count)}
                </Text>
              </span>
            </div>
          ))}
        </div>
        <InlineStack gap="400">
          <StateCount label="pending" query="?state=PENDING" count={funnel.pending} />
          <StateCount label="held" query="?state=HELD" count={funnel.held} />
          <StateCount label="ended without a reward" query="" count={funnel.ended} />
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function StateCount({ label, query, count }: { label: string; query: string; count: number }) {
  return (
    <Text as="span" tone="subdued">
      <Link url={`/app/referrals${query}`} removeUnderline>{`${formatCount(count)} ${label}`}</Link>
    </Text>
  );
}
