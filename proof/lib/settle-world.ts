import { control, JourneyFailed, settle } from "../journey/http.ts";
import type { Target } from "../journey/http.ts";

/** Shopify tries eight times over four hours; an hour a step meets every one of them. */
const RETRY_HOURS = 8;
/** Each waits a minute: a backlog of rewards is issued one by one for each shop. */
const SETTLE_TRIES_MAX = 5;
/** A little more than the usual fourteen days. Much more would let the day pass in which an order is read again. */
export const COOLING_OFF_OVER = "P14DT1H";

/** Waits until nothing is due any more, for as long as a backlog may take. @throws JourneyFailed with what is left */
export async function settleBacklog(target: Target): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await settle(target);
    } catch (error) {
      if (!(error instanceof JourneyFailed) || tries >= SETTLE_TRIES_MAX) throw error;
    }
  }
}

/** Lets deliveries that failed come again and everything they cause be done. */
export async function settleRetries(target: Target): Promise<void> {
  for (let hour = 0; hour < RETRY_HOURS; hour += 1) {
    await control(target, "POST", "clock", { advance: "PT1H" });
    await settleBacklog(target);
  }
}

/** Lets the cooling-off of whatever is ordered by now pass, and waits until all is paid. */
export async function settlePayouts(target: Target): Promise<void> {
  for (const advance of [COOLING_OFF_OVER, "PT6H"]) {
    await control(target, "POST", "clock", { advance });
    await settleBacklog(target);
  }
}
