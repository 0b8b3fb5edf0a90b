/** One person as Shopify shows them now; null where it shows nothing, or the app may not see it. */
export type ShownPerson = {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: ShownAddress | null;
  /** Brand and last four digits, as text. */
  readonly cards: readonly string[];
};

export type ShownAddress = {
  readonly street: string | null;
  readonly unit: string | null;
  readonly city: string | null;
  readonly zip: string | null;
  readonly country: string | null;
};

export const COMPARED_FACTS = ["name", "email", "phone", "street", "unit", "zip", "city", "country", "card"] as const;
export type ComparedFact = (typeof COMPARED_FACTS)[number];
/** `alike`: equal but for case, spaces, dots and one letter. `unknown`: one of the two is not shown. */
export type Likeness = "same" | "alike" | "different" | "unknown";
export type Comparison = {
  readonly fact: ComparedFact;
  readonly referrer: string | null;
  readonly friend: string | null;
  readonly likeness: Likeness;
};

/** Sharing one of these says little: half a town lives in one city. */
const WEAK_FACTS: ReadonlySet<ComparedFact> = new Set(["city", "country"]);

/** Puts two people side by side, fact by fact, in a fixed order. Facts that neither shows are left out. */
export function comparePeople(referrer: ShownPerson, friend: ShownPerson): readonly Comparison[] {
  const shared = referrer.cards.filter((card) => friend.cards.includes(card));
  return COMPARED_FACTS.flatMap((fact) => {
    const [theirs, ours] = [factOf(referrer, fact, shared), factOf(friend, fact, shared)];
    if (theirs === null && ours === null) return [];
    return [{ fact, referrer: theirs, friend: ours, likeness: likenessOf(theirs, ours) }];
  });
}

/** Whether a likeness is worth pointing out to whoever decides. */
export function isTelling({ fact, likeness }: Comparison): boolean {
  return (likeness === "same" || likeness === "alike") && !WEAK_FACTS.has(fact);
}

function factOf(person: ShownPerson, fact: ComparedFact, shared: readonly string[]): string | null {
  switch (fact) {
    case "name":
    case "email":
    case "phone":
      return person[fact];
    case "card":
      return shared[0] ?? person.cards[0] ?? null;
    case "street":
    case "unit":
    case "zip":
    case "city":
    case "country":
      return person.address?.[fact] ?? null;
  }
}

function likenessOf(left: string | null, right: string | null): Likeness {
  if (left === null || right === null) return "unknown";
  const [a, b] = [plain(left), plain(right)];
  if (left.trim() === right.trim()) return "same";
  return a === b || isOneEditApart(a, b) ? "alike" : "different";
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s.,'-]/gu, "");
}

/** One letter put in, left out or changed; short texts are never alike, since one letter is most of them. */
function isOneEditApart(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (short.length < 4 || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = short.length === long.length ? short.slice(at + 1) : short.slice(at);
  return rest === long.slice(at + 1);
}
