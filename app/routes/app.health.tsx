import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import type { Goodword } from "../goodword.ts";
import { ChecksCard } from "../ui/health/checks-card.tsx";
import { DataRequestsCard } from "../ui/health/data-requests-card.tsx";
import { DifferencesCard } from "../ui/health/differences-card.tsx";
import { PayoutSwitch } from "../ui/health/payout-switch.tsx";
import { ReadingCard } from "../ui/health/reading-card.tsx";
import { ReplayCard } from "../ui/health/replay-card.tsx";
import { WorkCard } from "../ui/health/work-card.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";

const REASON_CHARACTERS_MAX = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const input = { shopId, now: goodword.clock.now() };
  const [health, { reading, comparedAt, differences }, requests] = await Promise.all([
    goodword.queries.health(input),
    goodword.queries.reconciliation(input),
    goodword.heldData.list({ shopId }),
  ]);
  return { health, reading, comparedAt, differences, requests };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const form = await request.formData();
  const typed = form.get("reason");
  const reason =
    typeof typed === "string" && typed.trim() !== "" ? typed.trim().slice(0, REASON_CHARACTERS_MAX) : "paused by hand";
  const intent = form.get("intent");
  if (intent === "replay") {
    const replayed = await goodword.replayDead({ shopId, actor: staffId });
    return json({ outcome: "replayed", replayed });
  }
  if (intent === "reconcile") return json(await goodword.reconcileShop({ shopId, actor: staffId }));
  if (intent === "difference") return decideDifference(goodword, form, { shopId, actor: staffId });
  if (intent !== "pause" && intent !== "resume") {
    return json({ error: { code: "bad_request", message: "There is no such intent." } }, { status: 400 });
  }
  await goodword.pausePayouts({ shopId, reason: intent === "pause" ? reason : null, actor: staffId });
  return json({ outcome: intent === "pause" ? "paused" : "resumed" });
}

const DECISION_STATUS = { decided: 200, not_open: 409, not_for_this: 400, not_now: 503 } as const;

async function decideDifference(goodword: Goodword, form: FormData, who: { shopId: string; actor: string }) {
  const [differenceId, choice] = [form.get("differenceId"), form.get("choice")];
  const isChoice = choice === "accept" || choice === "withdraw" || choice === "make_again";
  if (typeof differenceId !== "string" || !UUID.test(differenceId) || !isChoice)
    return json({ error: { code: "bad_request", message: "Name a difference and a choice." } }, { status: 400 });
  const result = await goodword.decideDifference({ ...who, differenceId, choice });
  return json(result, { status: DECISION_STATUS[result.outcome] });
}

export default function HealthPage() {
  const { health, reading, comparedAt, differences, requests } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Health"
      subtitle="Is everything being done that has to be done?"
      backAction={{ content: "Home", url: "/app" }}
    >
      <BlockStack gap="400">
        <PayoutSwitch paused={health.payoutsPaused} />
        <WorkCard health={health} />
        <ReadingCard reading={reading} />
        <DifferencesCard comparedAt={comparedAt} differences={differences} />
        <DataRequestsCard requests={requests} />
        <ReplayCard deadCount={health.inboxDead + health.outboxDead} />
        <ChecksCard checks={health.checks} />
      </BlockStack>
    </Page>
  );
}
