import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import type { BlockView } from "../screen-models.ts";
import { BlockList } from "../ui/screen/block-list.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";
import { text } from "./review-form.server.ts";

export type BlocksAnswer =
  { readonly outcome: "added" | "removed" } | { readonly error: { readonly code: string; readonly message: string } };

const KINDS: readonly BlockView["kind"][] = ["domain", "code", "person"];
const REFUSALS = {
  already_listed: [409, "That is on the list already."],
  not_found: [422, "The shop knows nothing by that name. A domain looks like example.com."],
  reason_missing: [422, "Write down why: whoever comes after you will want to know."],
} as const;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const rows = await goodword.judgement.blockList({ shopId });
  const blocks: BlockView[] = rows.map(({ id, kind, subject, reason, addedAt }) => ({
    id,
    kind,
    subject,
    reason,
    addedAt: addedAt.toISOString(),
  }));
  return { blocks };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId, staffId: actor } = await authenticateAdmin(request, context);
  const form = await request.formData();
  if (form.get("intent") === "remove") {
    const removed = await goodword.judgement.removeFromBlockList({ shopId, id: text(form, "id") ?? "", actor });
    return removed.outcome === "removed" ? json<BlocksAnswer>({ outcome: "removed" }) : refuse("not_found");
  }
  const kind = KINDS.find((known) => known === text(form, "kind"));
  if (kind === undefined)
    return json<BlocksAnswer>(
      { error: { code: "bad_request", message: "The form is not complete." } },
      { status: 400 },
    );
  const [subject, reason] = [text(form, "subject") ?? "", text(form, "reason") ?? ""];
  const added = await goodword.judgement.addToBlockList({ shopId, kind, subject, reason, actor });
  return added.outcome === "added" ? json<BlocksAnswer>({ outcome: "added" }) : refuse(added.outcome);
}

function refuse(code: keyof typeof REFUSALS): Response {
  const [status, message] = REFUSALS[code];
  return json<BlocksAnswer>({ error: { code, message } }, { status });
}

export default function BlocksPage() {
  const { blocks } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Block list"
      subtitle="Whoever or whatever stands here is stopped by the screen, at the latest before a payout"
      narrowWidth
      backAction={{ content: "Screen", url: "/app/screen" }}
    >
      <BlockList blocks={blocks} />
    </Page>
  );
}
