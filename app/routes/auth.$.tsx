import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateAdmin } from "./authenticate.server.ts";

/** The library's own pages under /auth: they answer by throwing, so nothing is left to return. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  await authenticateAdmin(request, context);
  return null;
}
