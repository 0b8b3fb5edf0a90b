import { redirect } from "@remix-run/node";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { contextOf } from "./authenticate.server.ts";

const SHOP = /^([a-z0-9][a-z0-9-]*)\.myshopify\.com$/i;

/**
 * Where the library sends a page load that names no shop: an open tab after an upgrade, or an address typed by hand. With a
 * shop it goes on to that shop's admin; without one the page finds its way back by what the tab was opened with.
 */
export function loader({ request, context }: LoaderFunctionArgs) {
  const { env } = contextOf(context).goodword;
  const [, store] = SHOP.exec(new URL(request.url).searchParams.get("shop") ?? "") ?? [];
  if (store !== undefined) return redirect(`https://admin.shopify.com/store/${store}/apps/${env.SHOPIFY_API_KEY}`);
  return { home: "/app" };
}

/** Runs before anything else on the page; a tab that remembers nothing shows the sentence below. */
const FIND_BACK = `try { const query = sessionStorage.getItem("goodword.opened-with"); if (query) location.replace("/app" + query); } catch {}`;

export default function LoginPage() {
  const { home } = useLoaderData<typeof loader>();
  return (
    <main className="gw-plain-page" data-home={home}>
      <script dangerouslySetInnerHTML={{ __html: FIND_BACK }} />
      <h1>Open Goodword from your Shopify admin</h1>
      <p>Choose Apps, then Goodword. There is nothing to log in to here.</p>
    </main>
  );
}
