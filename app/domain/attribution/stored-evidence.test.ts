import fc from "fast-check";
import { expect, test } from "vitest";
import { buildClick } from "#test/builders/domain.ts";
import { parseClickEvidence } from "./stored-evidence.ts";

test("evidence comes back the same through JSON", () => {
  const click = buildClick({
    newCustomerDays: 365,
    device: "device-1",
    codeRetiredAt: 1,
    codeRetiredReason: "abuse",
    codeState: "retired",
  });
  expect(parseClickEvidence(JSON.parse(JSON.stringify(click)))).toEqual(click);
});

test("parseClickEvidence refuses what is no evidence, and never throws", () => {
  expect(parseClickEvidence({ ...buildClick(), carrier: "rumour" })).toBeNull();
  fc.assert(fc.property(fc.anything(), (json) => parseClickEvidence(json) === null));
});
