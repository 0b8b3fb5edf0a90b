import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateAdmin } from "./authenticate.server.ts";

/** Any other address under /app: not found, and framed like every page of the admin. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  await authenticateAdmin(request, context);
  throw new Response("No such page", { status: 404 });
}

export default function NoSuchPage() {
  return null;
}
