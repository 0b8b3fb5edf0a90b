import { useRevalidator } from "@remix-run/react";
import { Banner } from "@shopify/polaris";

/** Asks the merchant, through Shopify's own dialogue, for what a kind of reward needs beyond a discount code. */
export function AllowReward({ scopes }: { scopes: readonly string[] }) {
  const { revalidate } = useRevalidator();
  async function ask(): Promise<void> {
    const answer = await shopify.scopes.request([...scopes]);
    // Shopify tells the app as well; the page looks again when the merchant has said yes.
    if (answer.result === "granted-all") revalidate();
  }
  return (
    <Banner tone="info" action={{ content: "Allow", onAction: () => void ask() }}>
      <p>Shopify has to allow Goodword to give this. Press Allow, confirm, then save the programme.</p>
    </Banner>
  );
}
