import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useNavigation, useRouteError } from "@remix-run/react";
import { ErrorPage } from "../ui/error-page.tsx";
import { AdminMenu } from "../ui/admin-menu.tsx";
import { LoadingBar } from "../ui/loading-bar.tsx";
import { useTopOfPage } from "../ui/use-top-of-page.ts";
import { authenticateAdmin } from "./authenticate.server.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { shop } = await authenticateAdmin(request, context);
  return { shop };
}

/** Keeps the headers of a response that the Shopify library threw, which is how it asks the browser for a fresh token. */
export const headers: HeadersFunction = ({ errorHeaders, loaderHeaders }) => errorHeaders ?? loaderHeaders;

export default function AdminLayout() {
  const navigation = useNavigation();
  useTopOfPage();
  return (
    <>
      <AdminMenu />
      <LoadingBar active={navigation.state !== "idle"} />
      <main className="gw-main">
        <Outlet />
      </main>
    </>
  );
}

/** Text thrown by the Shopify library is a page of its own and is drawn as it is; everything else is explained. */
export function ErrorBoundary() {
  const error = useRouteError();
  const page = bouncePageOf(error);
  return page === null ? <ErrorPage /> : <div dangerouslySetInnerHTML={{ __html: page }} />;
}

function bouncePageOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("data" in error) || !("status" in error)) return null;
  return error.status === 200 && typeof error.data === "string" ? error.data : null;
}
