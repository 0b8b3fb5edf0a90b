/** Tokens as the model's API counts them. */
export type TokenUsage = { readonly inputTokens: number; readonly outputTokens: number };

type Price = { readonly input: bigint; readonly output: bigint };

/** US dollars for a million tokens, list prices: so many millionths of a dollar for one token. See docs/cost.md. */
const PRICES: Readonly<Record<string, Price>> = { "claude-haiku-4-5": { input: 1n, output: 5n } };
/** A model whose price is not listed here counts as a dear one, so that a budget holds rather too early than too late. */
const DEAR: Price = { input: 15n, output: 75n };

/** What a call cost, in millionths of a US dollar. A dated name such as "claude-haiku-4-5-20251001" costs what its family costs. */
export function costMicros(model: string, usage: TokenUsage): bigint {
  const [, price = DEAR] =
    Object.entries(PRICES).find(([name]) => model === name || model.startsWith(`${name}-`)) ?? [];
  return BigInt(usage.inputTokens) * price.input + BigInt(usage.outputTokens) * price.output;
}
