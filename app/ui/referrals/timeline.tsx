import { Text } from "@shopify/polaris";
import type { TimelineEventView } from "../../read-models.ts";
import { formatInstant } from "../format.ts";
import { reasonWords } from "../why-words.ts";

const TONE_WORDS: Readonly<Record<TimelineEventView["tone"], string>> = {
  plain: "",
  good: "",
  careful: "Needs care: ",
  bad: "Ended: ",
};

/** Everything that happened to a referral, oldest first. */
export function Timeline({ events }: { events: readonly TimelineEventView[] }) {
  return (
    <ol className="gw-timeline">
      {events.map((event, index) => (
        <li className="gw-timeline__event" key={`${event.at} ${String(index)}`}>
          <span className={`gw-timeline__dot gw-timeline__dot--${event.tone}`} aria-hidden="true" />
          <Text as="p" fontWeight="medium">
            <Text as="span" visuallyHidden>
              {TONE_WORDS[event.tone]}
            </Text>
            {event.title}
          </Text>
          {event.reason !== null && <Text as="p">{reasonWords(event.reason)}</Text>}
          {event.note !== null && <Text as="p">{`“${event.note}”`}</Text>}
          <Text as="p" variant="bodySm" tone="subdued">
            {formatInstant(event.at)}
          </Text>
        </li>
      ))}
    </ol>
  );
}
