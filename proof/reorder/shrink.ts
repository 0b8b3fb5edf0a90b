import type { Story } from "./story.ts";

const PLAYS_MAX = 120;

/** Leaves out of a failing story whatever it fails without, step by step. @returns the smallest that was found */
export async function shrink(story: Story, fails: (story: Story) => Promise<boolean>): Promise<Story> {
  let smallest = story;
  let plays = 0;
  for (let isSmaller = true; isSmaller && plays < PLAYS_MAX;) {
    isSmaller = false;
    for (const step of smallest.steps.toReversed()) {
      if ((plays += 1) > PLAYS_MAX) break;
      const without = { ...smallest, steps: smallest.steps.filter((one) => one !== step) };
      if (!(await fails(without))) continue;
      smallest = without;
      isSmaller = true;
    }
  }
  return smallest;
}
