import { UnrecoverableError } from "bullmq";
import { AppError } from "#app/platform/errors.ts";
import { JOB_CATALOG } from "./catalog.ts";
import type { JobName, JobPayload } from "./catalog.ts";

/** Runs jobs of one kind: takes a payload as the queue gives it, answers with a word about what it did. */
export type Processor<Name extends JobName = JobName> = {
  readonly name: Name;
  process(payload: unknown): Promise<string>;
};

/**
 * Makes a processor: parses the payload and tells the queue which failures are final. This is the only place where an
 * AppError becomes BullMQ's UnrecoverableError.
 *
 * @param name The job of the catalogue that it runs.
 * @param handle Does the work; what it throws fails the job.
 */
export function defineProcessor<Name extends JobName>(
  name: Name,
  handle: (payload: JobPayload<Name>) => Promise<string>,
): Processor<Name> {
  return {
    name,
    async process(payload) {
      const parsed = JOB_CATALOG[name].schema.safeParse(payload);
      if (!parsed.success) throw new UnrecoverableError(`The payload of ${name} cannot be read.`);
      try {
        // The schema is the one that JobPayload<Name> is inferred from; TypeScript loses that over the generic name.
        return await handle(parsed.data as JobPayload<Name>);
      } catch (error) {
        if (error instanceof AppError && !error.isRetryable) throw new UnrecoverableError(error.message);
        throw error;
      }
    },
  };
}
