import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Card, Page } from "@shopify/polaris";
import { parseReferralState } from "../domain/referral/state.ts";
import { ReferralTable } from "../ui/referrals/referral-table.tsx";
import { StateTabs } from "../ui/referrals/state-tabs.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";

const ROWS_MAX = 50;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const params = new URL(request.url).searchParams;
  const state = parseReferralState(params.get("state") ?? "");
  const cursor = params.get("cursor");
  return {
    state,
    isFirstPage: cursor === null,
    list: await goodword.queries.listReferrals({ shopId, state, cursor, limit: ROWS_MAX }),
  };
}

export default function ReferralsPage() {
  const { state, isFirstPage, list } = useLoaderData<typeof loader>();
  return (
    <Page title="Referrals" subtitle="Every friend who came through a link, newest first">
      <Card padding="0">
        <StateTabs counts={list.counts} selected={state} />
        <ReferralTable list={list} state={state} isFirstPage={isFirstPage} />
      </Card>
    </Page>
  );
}
