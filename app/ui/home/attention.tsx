import { Banner, Text } from "@shopify/polaris";
import type { HomeView } from "../../read-models.ts";

/** The one thing that most needs a person, or nothing: two banners at once are read by nobody. */
export function Attention({
  home,
}: {
  home: Pick<HomeView, "openCases" | "payoutsPaused" | "programPaused" | "hasNewCurrency">;
}) {
  if (home.payoutsPaused !== null) {
    return (
      <Banner tone="critical" title="Payouts are paused" action={{ content: "Look into it", url: "/app/health" }}>
        <Text as="p">{`Nobody is being paid: ${home.payoutsPaused}. Referrals wait and nothing is lost.`}</Text>
      </Banner>
    );
  }
  if (home.hasNewCurrency) {
    const open = { content: "Set the offer", url: "/app/program" };
    return (
      <Banner tone="critical" title="Your shop has a new currency" action={open}>
        <Text as="p">
          Nobody gets a new link until the offer is saved with amounts in it. Referrals that are under way keep what
          they were promised.
        </Text>
      </Banner>
    );
  }
  if (home.openCases > 0) {
    const title =
      home.openCases === 1
        ? "One referral waits for your decision"
        : `${String(home.openCases)} referrals wait for your decision`;
    return (
      <Banner tone="warning" title={title} action={{ content: "Review now", url: "/app/review" }}>
        <Text as="p">They are never paid by waiting: a person approves or rejects.</Text>
      </Banner>
    );
  }
  if (home.programPaused) {
    return (
      <Banner
        tone="info"
        title="The programme is paused"
        action={{ content: "Open the programme", url: "/app/program" }}
      >
        <Text as="p">Links still lead to your shop. New referrals are not opened; running ones finish.</Text>
      </Banner>
    );
  }
  return null;
}
