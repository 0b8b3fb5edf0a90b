import { expect } from "vitest";
import { appOf, choose, toastGone } from "./admin.ts";
import { lookAt } from "./person.ts";
import type { Person } from "./person.ts";

/** The merchant tries two voices, sees the words change with each, keeps one, and words a template anew and back again. */
export async function merchantFindsTheVoice(merchant: Person): Promise<void> {
  const app = appOf(merchant);
  await choose(merchant, "Words");
  await app.getByRole("heading", { name: "Your voice" }).waitFor();
  const voice = app.getByLabel("How your shop sounds");
  await voice.fill("Formal and polite");
  await app.getByRole("button", { name: "Show how it reads" }).click();
  await app.getByText("I would like to recommend this shop to you").waitFor();
  expect(await app.getByText("Written by the model").count(), "invite and both thanks").toBe(3);
  await voice.fill("Playful, short sentences");
  await app.getByRole("button", { name: "Show how it reads" }).click();
  await app.getByText("Psst, this shop is my happy place").waitFor();
  await lookAt(merchant, "admin-words");
  await app.getByRole("button", { name: "Save voice" }).click();
  await app.getByText("The voice was saved").waitFor();
  await toastGone(merchant);
  await wordTheInvite(merchant);
}

async function wordTheInvite(merchant: Person): Promise<void> {
  const app = appOf(merchant);
  const words = app.getByLabel("Words", { exact: true });
  await words.fill("This is the shop that I love, and you get £5 off here: {{link}}");
  await app.getByText("Leave numbers, amounts and percentages to the reward").waitFor();
  await words.fill("This is the shop that I love, and you get {{reward}} when you come from here: {{link}}");
  await app.getByText(/you get £10 off when you come from here: http/).waitFor();
  await app.getByRole("button", { name: "Save wording" }).click();
  await app.getByText("Your own wording").waitFor();
  await words.scrollIntoViewIfNeeded();
  await lookAt(merchant, "admin-wording");
  await app.getByRole("button", { name: "Reset" }).click();
  await app.getByText("Your own wording").waitFor({ state: "detached" });
  await toastGone(merchant);
}
