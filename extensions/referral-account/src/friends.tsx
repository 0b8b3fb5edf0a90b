import { Appeal } from "./appeal.tsx";
import type { Friend } from "./dashboard.ts";

const REASONS: ReadonlySet<string> = new Set([
  "waiting_for_order",
  "in_cooling_off",
  "in_review",
  "paid",
  "not_new_customer",
  "link_expired",
  "order_not_completed",
  "not_eligible",
]);
const OVER: ReadonlySet<string> = new Set(["not_new_customer", "link_expired", "order_not_completed", "not_eligible"]);

/** Everybody who came by the link: first name, since when, and why it stands where it does. */
export function Friends({ friends }: { friends: readonly Friend[] }) {
  const { translate } = shopify.i18n;
  return (
    <s-section heading={translate("friends.heading")}>
      {friends.length === 0 ? (
        <s-paragraph>{translate("friends.none")}</s-paragraph>
      ) : (
        <s-stack gap="base" accessibilityRole="unordered-list">
          {friends.map((friend) => (
            <FriendRow key={friend.id} friend={friend} />
          ))}
        </s-stack>
      )}
    </s-section>
  );
}

function FriendRow({ friend }: { friend: Friend }) {
  const { translate, formatDate } = shopify.i18n;
  const why = REASONS.has(friend.why) ? friend.why : "not_eligible";
  const name = friend.name === "" ? translate("friends.unnamed") : friend.name;
  const since = Number.isNaN(Date.parse(friend.at)) ? "" : formatDate(new Date(friend.at), { dateStyle: "medium" });
  return (
    <s-stack gap="small-300" accessibilityRole="list-item">
      <s-stack direction="inline" gap="small" alignItems="center">
        <s-text type="strong">{name}</s-text>
        <s-badge tone={OVER.has(why) ? "neutral" : "auto"}>{translate(`state.${why}`)}</s-badge>
        <s-text color="subdued">{since}</s-text>
      </s-stack>
      <s-text>{translate(`why.${why}`)}</s-text>
      {friend.appeal === "asked" && <s-text color="subdued">{translate("appeal.asked")}</s-text>}
      {friend.appeal === "possible" && <Appeal referral={friend.id} name={name} />}
    </s-stack>
  );
}
