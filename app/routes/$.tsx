/** Any address that nothing else claims. */
export function loader() {
  throw new Response("No such page", { status: 404 });
}

export default function NoSuchPage() {
  return null;
}
