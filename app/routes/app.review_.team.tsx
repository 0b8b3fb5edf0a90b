import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page } from "@shopify/polaris";
import { TeamForm } from "../ui/review/team-form.tsx";
import { authenticateAdmin } from "./authenticate.server.ts";
import { text } from "./review-form.server.ts";

export type TeamAnswer =
  { readonly outcome: "saved" } | { readonly error: { readonly code: string; readonly message: string } };

const STAFF_MAX = 200;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const [team, programme] = await Promise.all([
    goodword.reviewTeam({ shopId, staffId }),
    goodword.queries.programme({ shopId }),
  ]);
  return { team, currency: programme.currency };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const form = await request.formData();
  const listed = form.getAll("listed").filter((each) => typeof each === "string");
  if (listed.length > STAFF_MAX) return refuse(400, "bad_request", "That list is too long.");
  const listedOnly = form.get("listedOnly") === "on";
  const secondOver = form.get("twoPeople") === "on" ? (text(form, "secondOver") ?? "") : null;
  const saved = await goodword.setReviewRules({ shopId, listedOnly, listed, secondOver, actor: staffId });
  switch (saved.outcome) {
    case "saved":
      return json<TeamAnswer>({ outcome: "saved" });
    case "not_manager":
      return refuse(403, "not_allowed", "Only whoever keeps the list may change it.");
    case "bad_amount":
      return refuse(422, "bad_amount", "Write the amount as a number in your currency, such as 50.");
  }
}

function refuse(status: number, code: string, message: string): Response {
  return json<TeamAnswer>({ error: { code, message } }, { status });
}

export default function TeamPage() {
  const { team, currency } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Who decides"
      subtitle="Who may approve and reject, and when two people have to agree"
      narrowWidth
      backAction={{ content: "Review", url: "/app/review" }}
    >
      <TeamForm team={team} currency={currency} />
    </Page>
  );
}
