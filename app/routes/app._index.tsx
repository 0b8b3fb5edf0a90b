import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { Attention } from "../ui/home/attention.tsx";
import { FirstDays } from "../ui/home/first-days.tsx";
import { FunnelCard } from "../ui/home/funnel-card.tsx";
import { MoneyCards } from "../ui/home/money-cards.tsx";
import { SetupGuide } from "../ui/home/setup-guide.tsx";
import { useEmbedState, withEmbedState } from "../ui/home/use-embed-state.ts";
import { authenticateAdmin } from "./authenticate.server.ts";
import { wordsStep } from "./words-step.server.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const home = await goodword.queries.home({ shopId, now: goodword.clock.now() });
  return { home: { ...home, setup: [...home.setup, wordsStep(goodword.env)] } };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const form = await request.formData();
  const counts = form.get("counts");
  if (form.get("intent") !== "usage_limit" || (counts !== "code" && counts !== "discount"))
    return json({ error: { code: "bad_request", message: "The form cannot be read." } }, { status: 400 });
  await goodword.setUsageLimit({ shopId, counts, actor: staffId });
  return json({ outcome: "saved" as const });
}

export default function HomePage() {
  const { home } = useLoaderData<typeof loader>();
  const embed = useEmbedState();
  const steps = home.setup.map((step) => (step.id === "embed" ? withEmbedState(step, embed) : step));
  // Not the embed: its state comes after the page is drawn, and what is drawn must not jump. Nor what only orders can show.
  const isSetUp = home.setup.every((step) => ["embed", "codes"].includes(step.id) || step.state === "done");
  const isEmpty = home.funnel.clicks === 0 && home.funnel.opened === 0;
  return (
    <Page title="Goodword" subtitle={home.shopName} primaryAction={{ content: "Edit programme", url: "/app/program" }}>
      <BlockStack gap="400">
        <Attention home={home} />
        {!isSetUp && <SetupGuide steps={steps} />}
        {isEmpty ? (
          <FirstDays links={home.links} />
        ) : (
          <>
            <MoneyCards home={home} />
            <FunnelCard funnel={home.funnel} />
          </>
        )}
        {isSetUp && <SetupGuide steps={steps} />}
      </BlockStack>
    </Page>
  );
}
