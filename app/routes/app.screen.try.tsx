import { json } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Page } from "@shopify/polaris";
import type { TriedView } from "../screen-models.ts";
import { TryForm } from "../ui/screen/try-form.tsx";
import type { TriedPerson } from "../usecases/try-two-people.ts";
import { authenticateAdmin } from "./authenticate.server.ts";
import { text } from "./review-form.server.ts";
import { triedView } from "./screen-views.server.ts";

export type TryAnswer =
  { readonly tried: TriedView } | { readonly error: { readonly code: string; readonly message: string } };

const WHO = { referrer: "the referrer", friend: "the friend" } as const;

export async function loader({ request, context }: LoaderFunctionArgs) {
  await authenticateAdmin(request, context);
  return null;
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const form = await request.formData();
  const shop = await goodword.shops.byId(shopId);
  if (shop === null) return refuse(404, "not_found", "This shop is not known.");
  const referrer = personOf(form, "referrer");
  const friend = personOf(form, "friend");
  const tried = await goodword.judgement.tryTwoPeople({ shop, referrer, friend });
  switch (tried.outcome) {
    case "tried":
      return json<TryAnswer>({ tried: triedView(tried) });
    case "not_found":
      return refuse(404, "not_found", `The shop does not know ${WHO[tried.who]}.`);
    case "nobody":
      return refuse(
        422,
        "nobody",
        `Write an e-mail address, a phone number or a customer number for ${WHO[tried.who]}.`,
      );
  }
}

/** What was typed of somebody; an address counts once it has a street and a postcode. */
function personOf(form: FormData, who: "referrer" | "friend"): TriedPerson {
  const typed = (field: string) => text(form, `${who}.${field}`);
  const [email, phone, customerId] = [typed("email"), typed("phone"), typed("customer")];
  const [address1, zip] = [typed("street"), typed("zip")];
  const address = { address1, address2: typed("unit"), city: typed("city"), zip, countryCode: typed("country") };
  return {
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
    ...(customerId === null ? {} : { customerId }),
    ...(address1 === null || zip === null ? {} : { address }),
  };
}

function refuse(status: number, code: string, message: string): Response {
  return json<TryAnswer>({ error: { code, message } }, { status });
}

export default function TryPage() {
  return (
    <Page
      title="Try two people"
      subtitle="What the screen would say if one signed up through the other's link. Nothing that you type is kept."
      backAction={{ content: "Screen", url: "/app/screen" }}
    >
      <TryForm />
    </Page>
  );
}
