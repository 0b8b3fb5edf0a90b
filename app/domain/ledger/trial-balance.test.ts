import fc from "fast-check";
import { expect, test } from "vitest";
import { ACCOUNT_TYPES, isPersonalAccount } from "./accounts.ts";
import type { Transfer } from "./transfer.ts";
import { TRANSFER_KIND } from "./transfer.ts";
import { trialBalance } from "./trial-balance.ts";

function transfer(kind: Transfer["kind"], changes: Partial<Transfer> = {}): Transfer {
  return {
    id: "t",
    kind,
    debitAccount: "expense",
    debitType: "reward_expense",
    creditAccount: "liability-dan",
    creditType: "reward_liability",
    unit: "GBP",
    amount: 1_000n,
    ...changes,
  };
}

test("liabilities and claw-backs belong to a person, nothing else does", () => {
  expect(ACCOUNT_TYPES.filter(isPersonalAccount)).toEqual(["reward_liability", "claw_back"]);
});

test("a promise is pending until it is kept", () => {
  const pending = transfer(TRANSFER_KIND.pending);
  expect(trialBalance([pending])[1]).toMatchObject({
    account: "liability-dan",
    creditPending: 1_000n,
    creditPosted: 0n,
  });
  expect(trialBalance([pending, transfer(TRANSFER_KIND.post)])[1]).toMatchObject({
    creditPending: 0n,
    creditPosted: 1_000n,
  });
});

test("a promise that is broken leaves nothing", () => {
  const balances = trialBalance([transfer(TRANSFER_KIND.pending), transfer(TRANSFER_KIND.void)]);
  for (const balance of balances) {
    expect([balance.debitPosted, balance.creditPosted, balance.debitPending, balance.creditPending]).toEqual([
      0n,
      0n,
      0n,
      0n,
    ]);
  }
});

test("a plain entry is posted at once", () => {
  const redeemed = transfer(TRANSFER_KIND.single, {
    debitAccount: "liability-dan",
    debitType: "reward_liability",
    creditAccount: "redeemed",
    creditType: "redeemed",
  });
  expect(trialBalance([redeemed])).toMatchObject([
    { account: "liability-dan", debitPosted: 1_000n },
    { account: "redeemed", creditPosted: 1_000n },
  ]);
});

test("accounts are listed by name, whichever was seen first", () => {
  const backwards = transfer(TRANSFER_KIND.single, { debitAccount: "liability-dan", creditAccount: "expense" });
  for (const each of [backwards, transfer(TRANSFER_KIND.single)]) {
    expect(trialBalance([each]).map(({ account }) => account)).toEqual(["expense", "liability-dan"]);
  }
});

test("debits equal credits in every unit, in whatever order the transfers come", () => {
  const anyTransfer = fc
    .record({
      kind: fc.constantFrom(...Object.values(TRANSFER_KIND)),
      unit: fc.constantFrom("GBP", "JPY", "coupon"),
      debit: fc.nat(3),
      credit: fc.nat(3),
      amount: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    })
    .map(({ kind, unit, debit, credit, amount }) =>
      transfer(kind, {
        unit,
        amount,
        debitAccount: `${unit}-debit-${debit}`,
        creditAccount: `${unit}-credit-${credit}`,
      }),
    );
  const shuffled = fc
    .array(anyTransfer)
    .chain((list) => fc.shuffledSubarray(list, { minLength: list.length }).map((other) => [list, other] as const));
  fc.assert(
    fc.property(shuffled, ([list, other]) => {
      const balances = trialBalance(list);
      expect(trialBalance(other)).toEqual(balances);
      for (const unit of ["GBP", "JPY", "coupon"]) {
        const mine = balances.filter((balance) => balance.unit === unit);
        expect(mine.reduce((sum, balance) => sum + balance.debitPosted - balance.creditPosted, 0n)).toBe(0n);
        expect(mine.reduce((sum, balance) => sum + balance.debitPending - balance.creditPending, 0n)).toBe(0n);
      }
    }),
  );
});
