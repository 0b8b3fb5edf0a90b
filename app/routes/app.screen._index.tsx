import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import type { TermsProblem } from "../goodword.ts";
import type { BackTestView } from "../screen-models.ts";
import { ScreenForm } from "../ui/screen/screen-form.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";
import { backTestView, ruleSettings } from "./screen-views.server.ts";

export type ScreenAnswer =
  | { readonly outcome: "tested"; readonly backTest: BackTestView }
  | { readonly outcome: "saved" | "unchanged"; readonly version: number }
  | { readonly outcome: "invalid"; readonly problems: readonly TermsProblem[] };

const SETTINGS_CHARACTERS_MAX = 20_000;
const MONTHS_USUAL = 6;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const { terms, version } = await goodword.queries.programme({ shopId });
  return { rules: ruleSettings(terms.screen), version };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const form = await request.formData();
  const screen = parseSettings(form.get("screen"));
  if (screen === undefined)
    return invalid(400, [{ path: "", code: "not_an_object", message: "The rules cannot be read." }]);
  if (form.get("intent") === "save") {
    const saved = await goodword.saveTerms({ shopId, patch: { screen }, actor: staffId });
    return saved.outcome === "invalid" ? invalid(422, saved.problems) : json<ScreenAnswer>(saved);
  }
  const months = monthsOf(form.get("months"));
  const tested = await goodword.judgement.backTest({ shopId, screen, months });
  if (tested.outcome === "invalid") return invalid(422, tested.problems);
  return json<ScreenAnswer>({ outcome: "tested", backTest: backTestView(tested, months) });
}

function invalid(status: number, problems: readonly TermsProblem[]): Response {
  return json<ScreenAnswer>({ outcome: "invalid", problems }, { status });
}

function monthsOf(given: FormDataEntryValue | null): number {
  return typeof given === "string" && /^\d{1,2}$/.test(given) ? Number(given) : MONTHS_USUAL;
}

function parseSettings(posted: FormDataEntryValue | null): unknown {
  if (typeof posted !== "string" || posted.length > SETTINGS_CHARACTERS_MAX) return undefined;
  try {
    return JSON.parse(posted);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export default function ScreenPage() {
  const { rules, version } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Screen"
      subtitle="Who is paid, who waits for a person, and who is stopped. The same facts always give the same answer."
      secondaryActions={[
        { content: "Try two people", url: "/app/screen/try" },
        { content: "Block list", url: "/app/screen/blocks" },
      ]}
    >
      <ScreenForm key={version} rules={rules} />
    </Page>
  );
}
