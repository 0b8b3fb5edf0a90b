import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { BlockStack, Page } from "@shopify/polaris";
import { ImportForm } from "../ui/import/import-form.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";

/** 2,000 lines of the longest kind fit. */
const CHARACTERS_MAX = 400_000;

export async function loader({ request, context }: LoaderFunctionArgs) {
  await authenticateAdmin(request, context);
  return null;
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const form = await request.formData();
  const intent = form.get("intent");
  const lines = form.get("lines");
  if ((intent !== "check" && intent !== "import") || typeof lines !== "string")
    return json({ error: { code: "bad_request", message: "The form is not complete." } }, { status: 400 });
  if (lines.length > CHARACTERS_MAX)
    return json({ error: { code: "body_too_large", message: "Bring it in several parts." } }, { status: 413 });
  const shop = await goodword.shops.byId(shopId);
  if (shop === null)
    return json({ error: { code: "shop_unknown", message: "This shop does not use the app." } }, { status: 404 });
  const result = await goodword.importCodes({ shop, text: lines, checkOnly: intent === "check", actor: staffId });
  if (result.outcome !== "refused") return json(result);
  const message =
    result.reason === "too_many_lines"
      ? "One import takes 2,000 lines. Bring it in several parts."
      : "There is no line to read.";
  return json({ error: { code: "bad_request", message } }, { status: 422 });
}

export default function ImportPage() {
  return (
    <Page
      title="Bring links over"
      subtitle="Codes of another referral programme go on working, and lead to the same customers"
      backAction={{ content: "Programme", url: "/app/program" }}
    >
      <BlockStack gap="400">
        <ImportForm />
      </BlockStack>
    </Page>
  );
}
