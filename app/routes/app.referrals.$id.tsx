import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Layout, Page, Text } from "@shopify/polaris";
import { formatDay } from "../ui/format.ts";
import { DecisionCard } from "../ui/referrals/decision-card.tsx";
import { EvidenceCard } from "../ui/referrals/evidence-card.tsx";
import { OrderCard } from "../ui/referrals/order-card.tsx";
import { RewardSides } from "../ui/referrals/reward-sides.tsx";
import { StateBadge } from "../ui/referrals/state-badge.tsx";
import { Timeline } from "../ui/referrals/timeline.tsx";
import { LinkedReferrals } from "../ui/review/linked-referrals.tsx";
import { PeopleCompare } from "../ui/review/people-compare.tsx";
import { CaseCard } from "../ui/review/case-card.tsx";
import { whyWords } from "../ui/why-words.ts";
import { authenticateAdmin } from "./authenticate.server.ts";

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const id = params["id"] ?? "";
  const [referral, linked] = await Promise.all([
    goodword.queries.referralDetail({ shopId, id, now: goodword.clock.now() }),
    goodword.queries.linkedReferrals({ shopId, referralId: id }),
  ]);
  if (referral === null) throw new Response("No such referral", { status: 404 });
  return { referral, linked };
}

export default function ReferralPage() {
  const { referral, linked } = useLoaderData<typeof loader>();
  return (
    <Page
      title={referral.friend ?? `Friend ${referral.shortId}`}
      titleMetadata={<StateBadge state={referral.state} />}
      subtitle={`Referred by ${referral.referrer ?? "a customer"}, ${formatDay(referral.openedAt)}`}
      backAction={{ content: "Referrals", url: "/app/referrals" }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {referral.openCase !== null && <PeopleCompare referralId={referral.id} />}
            {referral.openCase !== null && <CaseCard openCase={referral.openCase} showReferral={false} />}
            <Card>
              <BlockStack gap="400">
                <Text as="h2" variant="headingMd">
                  {whyWords(referral)}
                </Text>
                <Timeline events={referral.timeline} />
              </BlockStack>
            </Card>
            {referral.decision !== null && referral.openCase === null && (
              <DecisionCard decision={referral.decision} wasPaid={referral.state === "REWARDED"} />
            )}
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <RewardSides rewards={referral.rewards} referrer={referral.referrer} friend={referral.friend} />
            <LinkedReferrals linked={linked} />
            <OrderCard orderId={referral.orderId} paidAt={referral.paidAt} />
            <EvidenceCard winner={referral.winner} losers={referral.losers} code={referral.code} />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}
