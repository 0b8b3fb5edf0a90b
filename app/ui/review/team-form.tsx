import { useFetcher } from "@remix-run/react";
import { Badge, Banner, BlockStack, Card, Checkbox, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { ReviewTeamView } from "../../read-models.ts";
import type { TeamAnswer } from "../../routes/app.review_.team.tsx";
import { formatDay } from "../format.ts";
import { SubmitButton } from "../submit-button.tsx";
import { useToast } from "../use-toast.ts";

type Member = ReviewTeamView["staff"][number];

/** The list of reviewers and the amount over which two of them must agree. Others than its keeper may only read it. */
export function TeamForm({ team, currency }: { team: ReviewTeamView; currency: string }) {
  const fetcher = useFetcher<TeamAnswer>();
  const [isListedOnly, setListedOnly] = useState(team.listedOnly);
  const [listed, setListed] = useState<ReadonlySet<string>>(
    new Set(team.staff.filter(({ mayDecide }) => mayDecide).map(({ subject }) => subject)),
  );
  useToast(fetcher.data !== undefined && "outcome" in fetcher.data ? "Saved" : null);
  const list = (subject: string, isOn: boolean) =>
    setListed((before) => new Set(isOn ? [...before, subject] : [...before].filter((each) => each !== subject)));
  return (
    <fetcher.Form method="post" action="/app/review/team">
      <BlockStack gap="400">
        {!team.mayChange && (
          <Banner tone="info">Whoever opened the app first keeps this list. You can read it, and ask them.</Banner>
        )}
        {fetcher.data !== undefined && "error" in fetcher.data && (
          <Banner tone="critical">{fetcher.data.error.message}</Banner>
        )}
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              Reviewers
            </Text>
            <Checkbox
              label="Only people on this list decide"
              helpText="Off, everybody who can open the app may decide. Notes are for everybody in any case."
              name="listedOnly"
              checked={isListedOnly}
              disabled={!team.mayChange}
              onChange={setListedOnly}
            />
            {isListedOnly &&
              team.staff.map((member) => (
                <MemberRow
                  key={member.subject}
                  member={member}
                  isListed={listed.has(member.subject)}
                  isFixed={!team.mayChange || member.manages}
                  onList={(isOn) => list(member.subject, isOn)}
                />
              ))}
            <Text as="p" variant="bodySm" tone="subdued">
              Shopify tells the app a number for each member of your staff, and no names. Somebody appears here once
              they have opened the app.
            </Text>
          </BlockStack>
        </Card>
        <TwoPeopleCard team={team} currency={currency} />
        {team.mayChange && (
          <div>
            <SubmitButton look="primary" disabled={fetcher.state !== "idle"}>
              Save
            </SubmitButton>
          </div>
        )}
      </BlockStack>
    </fetcher.Form>
  );
}

function TwoPeopleCard({ team, currency }: { team: ReviewTeamView; currency: string }) {
  const [isTwo, setTwo] = useState(team.secondOver !== null);
  const [over, setOver] = useState(team.secondOver?.amount ?? "50");
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Two people
        </Text>
        <Checkbox
          label="Large approvals take two people"
          name="twoPeople"
          checked={isTwo}
          disabled={!team.mayChange}
          onChange={setTwo}
        />
        {isTwo && (
          <TextField
            label="When both rewards together are over"
            name="secondOver"
            suffix={currency}
            inputMode="decimal"
            value={over}
            onChange={setOver}
            disabled={!team.mayChange}
            autoComplete="off"
          />
        )}
      </BlockStack>
    </Card>
  );
}

type RowProps = {
  readonly member: Member;
  readonly isListed: boolean;
  readonly isFixed: boolean;
  readonly onList: (isOn: boolean) => void;
};

function MemberRow({ member, isListed, isFixed, onList }: RowProps) {
  return (
    <InlineStack gap="200" blockAlign="center">
      <Checkbox
        label={member.isYou ? "You" : `Staff member ${member.subject}`}
        name="listed"
        value={member.subject}
        checked={isListed}
        disabled={isFixed}
        onChange={onList}
      />
      {member.manages && <Badge>Keeps the list</Badge>}
      <Text as="span" variant="bodySm" tone="subdued">{`since ${formatDay(member.since)}`}</Text>
    </InlineStack>
  );
}
