import type { Random } from "../lib/random.ts";
import { createRandom } from "../lib/random.ts";
import { makeCheats } from "./cheats.ts";
import { makeHonest } from "./honest.ts";
import { createMaker } from "./maker.ts";
import { createPeople } from "./people.ts";
import type { Style } from "./style.ts";
import type { Population } from "./truth.ts";

/** Of a hundred friends, those who are none: the share that a large vendor of referral programmes calls suspicious. */
const CHEATS_PER_HUNDRED = 15;
const FROM = Date.UTC(2026, 0, 5);

/** Makes a shop's half year of friends, in the order in which they tapped. One seed decides everything. */
export function makePopulation(options: { seed: number; people: number; style: Style }): Population {
  const random = mixed(createRandom(options.seed));
  const maker = createMaker(random, createPeople(random, options.style), FROM);
  const cheats = Math.round((options.people * CHEATS_PER_HUNDRED) / 100);
  const honest = makeHonest(maker, options.people - cheats);
  const { attempts, noise } = makeCheats(maker, cheats);
  const all = [...honest, ...attempts].toSorted(
    (left, right) => left.purchase.at - right.purchase.at || (left.id < right.id ? -1 : 1),
  );
  return { attempts: all, noise };
}

/** Seeds that follow each other begin alike; a few draws later they do not. */
function mixed(random: Random): Random {
  for (let n = 0; n < 16; n += 1) random.next();
  return random;
}
