import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Box, Card, Page, Text } from "@shopify/polaris";
import { EmptyNote } from "../ui/empty-note.tsx";
import { CaseCard } from "../ui/review/case-card.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";
import { answerReview, readReviewForm } from "./review-form.server.ts";

export type { ReviewAnswer } from "./review-form.server.ts";

const CASES_MAX = 50;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const wanted = { shopId, now: goodword.clock.now(), limit: CASES_MAX };
  const [cases, closed] = await Promise.all([goodword.queries.openCases(wanted), goodword.queries.closedCases(wanted)]);
  return { cases, closed };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const form = readReviewForm(await request.formData());
  if (form === null)
    return json({ error: { code: "bad_request", message: "The form is not complete." } }, { status: 400 });
  return answerReview(await goodword.reviewCase({ shopId, actor: staffId, ...form }));
}

export default function ReviewPage() {
  const { cases, closed } = useLoaderData<typeof loader>();
  return (
    <Page title="Review" subtitle="What a person has to decide, oldest first" narrowWidth>
      <BlockStack gap="400">
        {cases.length === 0 && (
          <Card>
            <EmptyNote title="Nothing waits for you" action={{ content: "See all referrals", url: "/app/referrals" }}>
              When the screen is not sure that referrer and friend are two people, or money went back after a reward, it
              waits here. Nothing is paid or taken back by waiting.
            </EmptyNote>
          </Card>
        )}
        {cases.map((openCase) => (
          <CaseCard key={openCase.id} openCase={openCase} showReferral />
        ))}
        {closed.length > 0 && (
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            <Text as="h2" variant="headingLg">
              Decided
            </Text>
          </Box>
        )}
        {closed.map((closedCase) => (
          <CaseCard key={closedCase.id} openCase={closedCase} showReferral />
        ))}
      </BlockStack>
    </Page>
  );
}
