import type { CurrencyCode } from "../money/currency.ts";
import { parseMoney } from "../money/decimal.ts";
import type { FieldReader } from "./fields.ts";
import { readAmount, readChoice, readGroup, readWhole } from "./fields.ts";
import { PERCENT_EXPONENT } from "./terms-json.ts";
import type { RewardKind, RewardTerms } from "./terms.ts";
import { FRIEND_WHENS, REWARD_KINDS } from "./terms.ts";
import type { Terms } from "./terms.ts";

type Unit = { readonly currency: CurrencyCode; readonly exponent: number };

const EXPIRES_AFTER_DAYS_LIMITS = [1, 1_825] as const;
const BASIS_POINTS_MAX = 10_000n;

/** Reads the referrer's side. */
export function readReferrer(reader: FieldReader, input: unknown, unit: Unit): RewardTerms {
  return readReward(
    reader,
    "referrer",
    readGroup(reader, "referrer", input, ["kind", "amount", "expires_after_days"]),
    unit,
  );
}

/** Reads the friend's side, which also says when it is given. */
export function readFriend(reader: FieldReader, input: unknown, unit: Unit): Terms["friend"] {
  const group = readGroup(reader, "friend", input, ["kind", "amount", "expires_after_days", "when"]);
  return {
    ...readReward(reader, "friend", group, unit),
    when: readChoice(reader, "friend.when", group["when"], FRIEND_WHENS),
  };
}

function readReward(
  reader: FieldReader,
  path: string,
  group: Readonly<Record<string, unknown>>,
  unit: Unit,
): RewardTerms {
  const kind = readChoice(reader, `${path}.kind`, group["kind"], REWARD_KINDS);
  return {
    kind,
    amountMinor: readRewardAmount(reader, `${path}.amount`, group["amount"], { kind, unit }),
    expiresAfterDays: readWhole(
      reader,
      `${path}.expires_after_days`,
      group["expires_after_days"],
      EXPIRES_AFTER_DAYS_LIMITS,
    ),
  };
}

function readRewardAmount(
  reader: FieldReader,
  path: string,
  input: unknown,
  reward: { readonly kind: RewardKind; readonly unit: Unit },
): bigint {
  if (reward.kind === "free_shipping") return 1n;
  if (reward.kind !== "percent") return readAmount(reader, path, input, reward.unit);
  const result = typeof input === "string" ? parseMoney(input.trim(), reward.unit.currency, PERCENT_EXPONENT) : null;
  if (result?.outcome === "ok" && result.money.minor > 0n && result.money.minor <= BASIS_POINTS_MAX)
    return result.money.minor;
  reader.report(path, "percent_range");
  return 1n;
}
