import { z } from "zod";

const ofOneShop = z.strictObject({ shopId: z.uuid() });
const ofNothing = z.strictObject({});

/**
 * Every job there is. A payload is a key and no more: the worker reads fresh rows. The rows count their own attempts,
 * so a bell that fails is not rung again by the queue; the sweep finds what is still due.
 */
export const JOB_CATALOG = {
  "inbox.drain": { schema: ofOneShop, attempts: 1, description: "Works on the due inbox rows of one shop." },
  "outbox.drain": { schema: ofOneShop, attempts: 1, description: "Works on the due outbox rows of one shop." },
  sweep: { schema: ofNothing, attempts: 1, description: "Rings the bells of all shops that have due rows." },
  "clicks.partitions": {
    schema: ofNothing,
    attempts: 3,
    description: "Makes the coming partitions of clicks and drops those past their time.",
  },
  upkeep: {
    schema: ofNothing,
    attempts: 3,
    description: "Empties inbox rows past their time, and seals anew what DATA_KEY_OLD still seals.",
  },
  "checks.run": {
    schema: ofNothing,
    attempts: 1,
    description: "Runs the invariant checks of every shop with news, and once a day of all.",
  },
} as const satisfies Record<
  string,
  { schema: z.ZodType<Record<string, string>>; attempts: number; description: string }
>;

export type JobName = keyof typeof JOB_CATALOG;
export type JobPayload<Name extends JobName> = z.infer<(typeof JOB_CATALOG)[Name]["schema"]>;

/** The names of the catalogue, in its order. */
export const JOB_NAMES = Object.keys(JOB_CATALOG).filter((name): name is JobName => name in JOB_CATALOG);

/** The queue that a job has for itself: a slow kind must not keep another waiting. Queue names hold no dots or colons. */
export function queueNameOf(job: JobName): string {
  return job.replace(".", "-");
}
