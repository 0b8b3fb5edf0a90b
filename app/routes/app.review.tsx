import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import { useCallback, useState } from "react";
import { KeysHelp } from "../ui/review/keys-help.tsx";
import { ReviewBoard } from "../ui/review/review-board.tsx";
import { useReviewKeys } from "../ui/review/use-review-keys.ts";
import { authenticateAdmin } from "./authenticate.server.ts";
import { answerBulk, readBulkForm } from "./bulk-form.server.ts";
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
  const data = await request.formData();
  const bulk = readBulkForm(data);
  if (bulk !== null) return answerBulk(bulk.dryRun, await goodword.reviewMany({ shopId, actor: staffId, ...bulk }));
  const form = readReviewForm(data);
  if (form === null)
    return json({ error: { code: "bad_request", message: "The form is not complete." } }, { status: 400 });
  return answerReview(await goodword.reviewCase({ shopId, actor: staffId, ...form }));
}

export default function ReviewPage() {
  const { cases, closed } = useLoaderData<typeof loader>();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const showHelp = useCallback(() => setHelpOpen(true), []);
  const { isOn, turn } = useReviewKeys(showHelp);
  return (
    <Page
      title="Review"
      subtitle="What a person has to decide, oldest first"
      narrowWidth
      secondaryActions={[
        { content: "Who decides", url: "/app/review/team" },
        { content: "Keyboard", accessibilityLabel: "Review by keyboard", onAction: showHelp },
      ]}
    >
      <ReviewBoard cases={cases} closed={closed} />
      <KeysHelp isOpen={isHelpOpen} isOn={isOn} onTurn={turn} onClose={() => setHelpOpen(false)} />
    </Page>
  );
}
