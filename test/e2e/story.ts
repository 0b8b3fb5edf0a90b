import { expectNoProblems } from "./person.ts";
import type { Width } from "./person.ts";
import { part, setStage } from "./stage.ts";
import {
  idleLinksLapse,
  bothAreRewarded,
  coupleIsRewarded,
  coupleSharesACard,
  danTakesHisLink,
  danTriesASecondAccount,
  maraFollowsIt,
  maraSignsUpAndBuys,
} from "./story-customers.ts";
import { danAppeals, danChoosesHisWords, danIsCutOff, danReadsItInSixLanguages } from "./story-extensions.ts";
import { merchantFindsTheVoice } from "./story-words.ts";
import {
  merchantApproves,
  merchantChangesTheOffer,
  merchantSeesItAll,
  merchantSeesTheFirstReferral,
  merchantSeesTheReason,
} from "./story-merchant.ts";

/** Plays the journey from Dan's log-in to the last lapsed link, as people see it on a window of this width. */
export async function playStory(chromium: string, width: Width, portOffset: number): Promise<void> {
  const stage = await setStage(chromium, width, portOffset);
  const { dan, link } = await part(stage, "Dan takes his link", () => danTakesHisLink(stage));
  const mara = await part(stage, "Mara follows it", () => maraFollowsIt(stage, link));
  await part(stage, "Mara signs up and buys", () => maraSignsUpAndBuys(stage, dan, mara));
  await part(stage, "both are rewarded", () => bothAreRewarded(stage, dan, mara));
  const merchant = await part(stage, "the merchant sees it", () => merchantSeesTheFirstReferral(stage));
  await part(stage, "Dan tries a second account", () => danTriesASecondAccount(stage, dan, link));
  await part(stage, "the merchant sees why it was rejected", () => merchantSeesTheReason(merchant));
  const { priya, ben } = await part(stage, "a couple shares a card", () => coupleSharesACard(stage));
  await part(stage, "the merchant approves", () => merchantApproves(merchant));
  await part(stage, "the couple is rewarded", () => coupleIsRewarded(stage, priya, ben));
  await part(stage, "the offer changes", () => merchantChangesTheOffer(merchant));
  if (width === 360) await part(stage, "the merchant finds a voice", () => merchantFindsTheVoice(merchant));
  await part(stage, "idle links lapse", () => idleLinksLapse(stage, dan, link));
  await part(stage, "the merchant sees it all", () => merchantSeesItAll(stage, merchant));
  if (width === 360) await part(stage, "Dan reads it in six languages", () => danReadsItInSixLanguages(stage, dan));
  await part(stage, "Dan is cut off from the app", () => danIsCutOff(stage, dan));
  await part(stage, "Dan appeals", () => danAppeals(stage, dan));
  await part(stage, "Dan chooses his words", () => danChoosesHisWords(stage, dan));
  for (const person of stage.people) expectNoProblems(person, "in the end");
}
