import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Links, Meta, Outlet, Scripts, useRouteLoaderData } from "@remix-run/react";
import polarisCss from "@shopify/polaris/build/esm/styles.css?url";
import type { ReactNode } from "react";
import { appBridgeUrl, contextOf } from "./routes/authenticate.server.ts";
import goodwordCss from "./ui/goodword.css?url";
import { ErrorPage } from "./ui/error-page.tsx";
import { PolarisRoot } from "./ui/polaris-root.tsx";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: polarisCss },
  { rel: "stylesheet", href: goodwordCss },
  { rel: "icon", href: "data:," }, // drawn by Shopify's admin; this only spares a request
];

export const meta: MetaFunction = () => [{ title: "Goodword" }];

/** What the document itself needs, whatever page is in it: App Bridge must be the first script of every embedded page. */
export function loader({ request, context }: LoaderFunctionArgs) {
  const { env } = contextOf(context).goodword;
  const isEmbedded = new URL(request.url).pathname.startsWith("/app");
  return {
    appBridge: isEmbedded ? { apiKey: env.SHOPIFY_API_KEY, url: appBridgeUrl(env.SHOPIFY_SIMULATOR_URL) } : null,
  };
}

export function Layout({ children }: { children: ReactNode }) {
  const data = useRouteLoaderData<typeof loader>("root");
  const appBridge = data?.appBridge ?? null;
  return (
    <html lang="en">
      <head>
        {appBridge !== null && <script src={appBridge.url} data-api-key={appBridge.apiKey} />}
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        <PolarisRoot>{children}</PolarisRoot>
        <Scripts />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorPage />;
}
