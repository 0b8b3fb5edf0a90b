import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { BalancedBadge } from "../ui/ledger/balanced-badge.tsx";
import { EntriesCard } from "../ui/ledger/entries-card.tsx";
import { ExportCard } from "../ui/ledger/export-card.tsx";
import { LeakageCard } from "../ui/ledger/leakage-card.tsx";
import { UnitCard } from "../ui/ledger/unit-card.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";

const ENTRIES_MAX = 50;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const cursor = new URL(request.url).searchParams.get("cursor");
  return { isFirstPage: cursor === null, ledger: await goodword.ledger.view({ shopId, cursor, limit: ENTRIES_MAX }) };
}

export default function LedgerPage() {
  const { isFirstPage, ledger } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Ledger"
      subtitle="What referrals promised, cost and owe, entry by entry"
      titleMetadata={<BalancedBadge ledger={ledger} />}
    >
      <BlockStack gap="400">
        {isFirstPage && ledger.units.map((unit) => <UnitCard key={unit.unit} unit={unit} />)}
        {isFirstPage && <LeakageCard leakage={ledger.leakage} />}
        <EntriesCard ledger={ledger} isFirstPage={isFirstPage} />
        <ExportCard />
      </BlockStack>
    </Page>
  );
}
