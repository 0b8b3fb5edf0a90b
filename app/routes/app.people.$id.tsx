import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Box, Card, Layout, Page, Text } from "@shopify/polaris";
import type { Goodword, RetireReason } from "../goodword.ts";
import { BlockCard } from "../ui/people/block-card.tsx";
import { CodeCard } from "../ui/people/code-card.tsx";
import { PersonRewards } from "../ui/people/person-rewards.tsx";
import { TotalsCard } from "../ui/people/totals-card.tsx";
import { ReferralTable } from "../ui/referrals/referral-table.tsx";
import { OpenByHandForm } from "../ui/review/open-by-hand-form.tsx";
import { CaseCard } from "../ui/review/case-card.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";
import { answerHand, readHandForm } from "./hand-form.server.ts";
import { text } from "./review-form.server.ts";

const NAME_REFUSALS = {
  not_a_name: "A name has 3 to 32 letters, digits or hyphens, and is none of the words that the shop's links use.",
  unwanted_word: "This name holds a word that no shop wants on a card.",
  taken: "This name leads to somebody else's link already.",
  no_active_code: "There is no active link to name.",
} as const;
const REASONS: readonly RetireReason[] = ["abuse", "customer_left", "replaced", "merchant"];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const person = await goodword.queries.person({ shopId, id: params["id"] ?? "", now: goodword.clock.now() });
  if (person === null) throw new Response("No such person", { status: 404 });
  return { person };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const form = await request.formData();
  if (form.get("intent") === "open_referral") {
    const asked = readHandForm(form);
    if (asked === null)
      return json(
        { error: { code: "bad_request", message: "Give the order's number and a reason." } },
        { status: 400 },
      );
    return answerHand(await goodword.openByHand({ shopId, personId: params["id"] ?? "", actor: staffId, ...asked }));
  }
  if (form.get("intent") === "block")
    return block(goodword, { shopId, actor: staffId, personId: params["id"] ?? "" }, form);
  if (form.get("intent") === "name_link")
    return nameLink(goodword, { shopId, actor: staffId, personId: params["id"] ?? "" }, form);
  const reason = REASONS.find((known) => known === text(form, "reason"));
  if (form.get("intent") !== "retire_code" || reason === undefined)
    return json({ error: { code: "bad_request", message: "The form is not complete." } }, { status: 400 });
  const person = await goodword.queries.person({ shopId, id: params["id"] ?? "", now: goodword.clock.now() });
  if (person === null)
    return json({ error: { code: "not_found", message: "There is no such person in this shop." } }, { status: 404 });
  const retired = await goodword.retireCode({ shopId, personId: person.id, reason, actor: staffId });
  return retired.outcome === "retired"
    ? json(retired)
    : json({ error: { code: "not_allowed", message: "There is no active link to retire." } }, { status: 422 });
}

/** Gives the person's link another name. */
async function nameLink(
  goodword: Goodword,
  by: { shopId: string; actor: string; personId: string },
  form: FormData,
): Promise<Response> {
  const named = await goodword.nameLink({ ...by, name: text(form, "name") ?? "" });
  return named.outcome !== "refused"
    ? json(named)
    : json({ error: { code: "not_allowed", message: NAME_REFUSALS[named.reason] } }, { status: 422 });
}

/** Puts the person on the block list; they come off it there. */
async function block(
  goodword: Goodword,
  by: { shopId: string; actor: string; personId: string },
  form: FormData,
): Promise<Response> {
  const { shopId, actor, personId: subject } = by;
  const reason = text(form, "reason") ?? "";
  const added = await goodword.judgement.addToBlockList({ shopId, kind: "person", subject, reason, actor });
  switch (added.outcome) {
    case "added":
      return json({ outcome: "blocked" });
    case "already_listed":
      return json(
        { error: { code: "already_listed", message: "This customer is on the block list." } },
        { status: 409 },
      );
    case "not_found":
      return json({ error: { code: "not_found", message: "There is no such person in this shop." } }, { status: 404 });
    case "reason_missing":
      return json({ error: { code: "reason_missing", message: "Write down why." } }, { status: 422 });
  }
}

export default function PersonPage() {
  const { person } = useLoaderData<typeof loader>();
  const list = { rows: person.referrals, nextCursor: null, counts: person.counts };
  return (
    <Page
      title={person.firstName ?? `Customer ${person.shortId}`}
      subtitle="Everything that this customer brought about"
      backAction={{ content: "Referrals", url: "/app/referrals" }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Card padding="0">
              <ReferralTable list={list} state={null} isFirstPage isNarrow />
            </Card>
            {person.cases.length > 0 && (
              <Box paddingInline={{ xs: "400", sm: "0" }}>
                <Text as="h2" variant="headingLg">
                  Cases
                </Text>
              </Box>
            )}
            {person.cases.map((each) => (
              <CaseCard key={each.id} openCase={each} showReferral />
            ))}
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <TotalsCard person={person} />
            <CodeCard person={person} />
            {person.codeState === "active" && (
              <Card>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    A friend who was not credited
                  </Text>
                  <OpenByHandForm personId={person.id} />
                </BlockStack>
              </Card>
            )}
            <BlockCard personId={person.id} />
            <PersonRewards rewards={person.rewards} />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}
