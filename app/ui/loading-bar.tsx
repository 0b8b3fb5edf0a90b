/** A thin line while the next page loads; it takes no room, so that nothing jumps. */
export function LoadingBar({ active }: { active: boolean }) {
  return <div className={active ? "gw-loading gw-loading--active" : "gw-loading"} aria-hidden="true" />;
}
