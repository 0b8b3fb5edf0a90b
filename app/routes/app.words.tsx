import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Layout, Page } from "@shopify/polaris";
import { MessagesCard } from "../ui/words/messages-card.tsx";
import { SettingsCard } from "../ui/words/settings-card.tsx";
import { SpendCard } from "../ui/words/spend-card.tsx";
import { VoiceCard } from "../ui/words/voice-card.tsx";
import { WordingCard } from "../ui/words/wording-card.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";
import { answerWords } from "./words-form.server.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const { env } = goodword;
  const [words, programme] = await Promise.all([
    goodword.queries.words({ shopId, now: goodword.clock.now() }),
    goodword.queries.programme({ shopId }),
  ]);
  return {
    words,
    linkExample: programme.linkExample,
    rewards: { referrer: programme.terms.referrer, friend: programme.terms.friend },
    currency: programme.currency,
    setUp: {
      model: env.ANTHROPIC_API_KEY === undefined ? null : env.NOTE_MODEL,
      budgetUsd: env.NOTE_MONTHLY_BUDGET_USD,
      mail: env.SMTP_URL !== undefined,
      sms: env.SMS_URL !== undefined,
    },
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const visit = await authenticateAdmin(request, context);
  const { status, answer } = await answerWords(visit, await request.formData());
  return json(answer, { status });
}

export default function WordsPage() {
  const { words, linkExample, rewards, currency, setUp } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Words"
      subtitle="How invites and thank-yous read, and what became of them."
      backAction={{ content: "Home", url: "/app" }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <VoiceCard
              key={words.voice ?? ""}
              voice={words.voice ?? ""}
              language={words.language}
              canWrite={setUp.model !== null && words.modelOn}
            />
            <WordingCard
              edited={words.templates}
              language={words.language}
              shopName={words.shopName}
              linkExample={linkExample}
              rewards={rewards}
              currency={currency}
            />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <SpendCard spend={words.spend} setUp={setUp} isOn={words.modelOn} />
            <SettingsCard words={words} setUp={setUp} />
            <MessagesCard messages={words.messages} />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}
