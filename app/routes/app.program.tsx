import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import { ProgramForm } from "../ui/program/program-form.tsx";
import { useToast } from "../ui/use-toast.ts";
import { authenticateAdmin } from "./authenticate.server.ts";

const TERMS_CHARACTERS_MAX = 20_000;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  return { programme: await goodword.queries.programme({ shopId }) };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const patch = parsePatch((await request.formData()).get("terms"));
  if (patch === undefined) {
    const problem = { path: "", code: "not_an_object", message: "The terms cannot be read." };
    return json({ outcome: "invalid" as const, problems: [problem] }, { status: 400 });
  }
  const result = await goodword.saveTerms({ shopId, patch, actor: staffId });
  return json(result, { status: result.outcome === "invalid" ? 422 : 200 });
}

export default function ProgramPage() {
  const { programme } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  useToast(answer?.outcome === "saved" ? `Saved as version ${String(answer.version)}` : null);
  return (
    <Page
      title="Programme"
      subtitle={`Version ${String(programme.version)}. Links keep the terms they were made with.`}
      backAction={{ content: "Home", url: "/app" }}
      secondaryActions={[{ content: "Bring links over", url: "/app/import" }]}
    >
      <ProgramForm key={programme.version} programme={programme} answer={answer ?? null} />
    </Page>
  );
}

function parsePatch(posted: FormDataEntryValue | null): unknown {
  if (typeof posted !== "string" || posted.length > TERMS_CHARACTERS_MAX) return undefined;
  try {
    return JSON.parse(posted);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
