import type { AdminBlock, BlockSubject } from "./admin-block.ts";
import type { ShopDirectory, KnownShop } from "./data/shop-directory.repo.ts";
import type { Period } from "./domain/ledger/csv.ts";
import type { Ringer } from "./jobs/ringer.ts";
import type { Clock } from "./platform/clock.ts";
import type { Env } from "./platform/env.ts";
import type { Logger } from "./platform/logger.ts";
import type {
  CaseView,
  CustomerStatus,
  HealthView,
  HomeView,
  LedgerView,
  LinkedReferralsView,
  PersonView,
  ProgrammeView,
  ReferralDetailView,
  ReferralListView,
  ReferralStateView,
  ReviewTeamView,
} from "./read-models.ts";
import type { DataRequestView, ReconciliationView } from "./reconcile-views.ts";
import type { WordsView } from "./words-view.ts";
import type { Shopify } from "./shopify.server.ts";
import type { AppealGround } from "./domain/review/appeal.ts";
import type { AppealResult } from "./usecases/appeal-referral.ts";
import type { BindResult } from "./usecases/bind-customer.ts";
import type { ClaimWelcomeResult } from "./usecases/claim-welcome.ts";
import type { InvitedBy, Invitation } from "./usecases/describe-invitation.ts";
import type { Judgement } from "./usecases/judgement.ts";
import type { ImportCodesResult } from "./usecases/import-codes.ts";
import type { NameLinkResult } from "./usecases/name-link.ts";
import type { HeldData } from "./usecases/data-request.ts";
import type { DecideDifferenceResult, DifferenceChoice } from "./usecases/decide-difference.ts";
import type { MintLinkResult } from "./usecases/mint-link.ts";
import type { CustomerInviteInput, CustomerInviteResult } from "./usecases/words/customer-invite.ts";
import type { PreviewedWords, PreviewWordsInput } from "./usecases/words/preview-words.ts";
import type { ResendNoteInput, ResendNoteResult } from "./usecases/words/resend-note.ts";
import type {
  SaveWordingInput,
  SaveWordingResult,
  SaveWordSettingsInput,
  SaveWordSettingsResult,
} from "./usecases/words/save-words.ts";
import type { RetireCodeResult, RetireReason } from "./usecases/retire-code.ts";
import type { OpenByHandInput, OpenByHandResult } from "./usecases/open-by-hand.ts";
import type { ReviewedOne, ReviewManyInput } from "./usecases/review-many.ts";
import type { ReviewInput, ReviewResult } from "./usecases/review/reviewing.ts";
import type { SetReviewRulesInput, SetReviewRulesResult } from "./usecases/set-review-rules.ts";
import type { ShowPeopleResult } from "./usecases/show-people.ts";

// Outcomes are the use cases' own, said once, there.
export type { BindResult } from "./usecases/bind-customer.ts";
export type { ClaimWelcomeResult } from "./usecases/claim-welcome.ts";
export type { ImportCodesResult } from "./usecases/import-codes.ts";
export type { MintLinkResult } from "./usecases/mint-link.ts";
export type { RetireCodeResult, RetireReason } from "./usecases/retire-code.ts";
export type { OpenByHandInput, OpenByHandResult } from "./usecases/open-by-hand.ts";
export type { ReviewedOne, ReviewManyInput } from "./usecases/review-many.ts";
export type { ReviewInput, ReviewResult, ReviewSide } from "./usecases/review/reviewing.ts";

/** As the page sees it: the route adds problems of its own, for a form that it cannot read, so a code is any text here. */
export type TermsProblem = { readonly path: string; readonly code: string; readonly message: string };

export type SaveTermsResult =
  | { readonly outcome: "saved" | "unchanged"; readonly version: number }
  | { readonly outcome: "invalid"; readonly problems: readonly TermsProblem[] };

/** One read model per screen. */
export type Queries = {
  home(input: { shopId: string; now: Date }): Promise<HomeView>;
  listReferrals(input: {
    shopId: string;
    state: ReferralStateView | null;
    cursor: string | null;
    limit: number;
  }): Promise<ReferralListView>;
  /** Null when this shop has no such referral. */
  referralDetail(input: { shopId: string; id: string; now: Date }): Promise<ReferralDetailView | null>;
  programme(input: { shopId: string }): Promise<ProgrammeView>;
  health(input: { shopId: string; now: Date }): Promise<HealthView>;
  reconciliation(input: { shopId: string; now: Date }): Promise<ReconciliationView>;
  openCases(input: { shopId: string; now: Date; limit: number }): Promise<readonly CaseView[]>;
  closedCases(input: { shopId: string; now: Date; limit: number }): Promise<readonly CaseView[]>;
  words(input: { shopId: string; now: Date }): Promise<WordsView>;
  /** Null when this shop knows no such person. */
  person(input: { shopId: string; id: string; now: Date }): Promise<PersonView | null>;
  linkedReferrals(input: { shopId: string; referralId: string }): Promise<LinkedReferralsView>;
};

/** What customers who asked for their data are answered with. */
export type HeldDataReads = {
  list(input: { shopId: string }): Promise<readonly DataRequestView[]>;
  /** Null when there is no such request, or its time is over. */
  fetch(input: { shopId: string; requestId: string; actor: string }): Promise<HeldData | null>;
};

/** What the ledger shows and hands out. */
export type LedgerReads = {
  view(input: { shopId: string; cursor: string | null; limit: number }): Promise<LedgerView>;
  /** Lines of CSV, as they are read. */
  journal(input: { shopId: string; period: Period }): AsyncIterable<string>;
};

/** Everything the two doors and the admin may call, bound to its dependencies once by `deps.server.ts`. */
export type Goodword = {
  readonly env: Env;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shopify: Shopify;
  readonly shops: ShopDirectory;
  readonly ringer: Ringer;
  mintLink(input: { shop: KnownShop; customerId: string; device: string | null }): Promise<MintLinkResult>;
  /** The words that a customer shares. */
  customerInvite(input: CustomerInviteInput): Promise<CustomerInviteResult>;
  bindCustomer(input: {
    shop: KnownShop;
    customerId: string;
    tokens: string[];
    device: string | null;
  }): Promise<BindResult>;
  claimWelcome(input: {
    shop: KnownShop;
    customerId: string | null;
    token: string;
    email: string | null;
    device: string | null;
    prefix: string | null;
    cartToken: string | null;
    locale: string;
  }): Promise<ClaimWelcomeResult>;
  /** Gives a customer's link another name. */
  nameLink(input: { shopId: string; personId: string; name: string; actor: string }): Promise<NameLinkResult>;
  /** Brings codes of another programme over; a check changes nothing. */
  importCodes(input: { shop: KnownShop; text: string; checkOnly: boolean; actor: string }): Promise<ImportCodesResult>;
  /** Who invites, and to what: for the landing page and the printable card. */
  describeInvitation(input: { shop: KnownShop; by: InvitedBy; locale: string }): Promise<Invitation>;
  /** A page in sight was opened by a tap. */
  confirmClick(input: { shop: KnownShop; token: string; device: string | null }): Promise<void>;
  appealReferral(input: {
    shop: KnownShop;
    customerId: string;
    referralId: string;
    ground: AppealGround;
  }): Promise<AppealResult>;
  /** What the admin's blocks beside an order or a customer show. */
  adminBlock(input: { shop: KnownShop; subject: BlockSubject }): Promise<AdminBlock>;
  customerStatus(input: { shop: KnownShop; customerId: string }): Promise<CustomerStatus>;
  saveTerms(input: { shopId: string; patch: unknown; actor: string }): Promise<SaveTermsResult>;
  saveWording(input: SaveWordingInput): Promise<SaveWordingResult>;
  saveWordSettings(input: SaveWordSettingsInput): Promise<SaveWordSettingsResult>;
  previewWords(input: PreviewWordsInput): Promise<PreviewedWords>;
  resendNote(input: ResendNoteInput): Promise<ResendNoteResult>;
  reviewCase(input: ReviewInput): Promise<ReviewResult>;
  reviewMany(input: ReviewManyInput): Promise<readonly ReviewedOne[]>;
  /** Remembers who opened the app: the list of reviewers is made of them. */
  meetStaff(input: { shopId: string; subject: string }): Promise<void>;
  reviewTeam(input: { shopId: string; staffId: string }): Promise<ReviewTeamView>;
  setReviewRules(input: SetReviewRulesInput): Promise<SetReviewRulesResult>;
  openByHand(input: OpenByHandInput): Promise<OpenByHandResult>;
  /** Both people of a referral as Shopify shows them now; nothing of it is stored. */
  showPeople(input: { shopId: string; referralId: string }): Promise<ShowPeopleResult>;
  /** A null reason resumes. */
  pausePayouts(input: { shopId: string; reason: string | null; actor: string }): Promise<void>;
  /** @returns how many given-up rows are due again */
  replayDead(input: { shopId: string; actor: string }): Promise<number>;
  /** A person says what becomes of something about which Shopify and the books disagree. */
  decideDifference(input: {
    shopId: string;
    differenceId: string;
    choice: DifferenceChoice;
    actor: string;
  }): Promise<DecideDifferenceResult>;
  /** Compares the shop with Shopify now. */
  reconcileShop(input: { shopId: string; actor: string }): Promise<{ outcome: "started" | "under_way" }>;
  /** What a discount's limit of uses was seen to count. */
  setUsageLimit(input: { shopId: string; counts: "code" | "discount"; actor: string }): Promise<void>;
  retireCode(input: {
    shopId: string;
    personId: string;
    reason: RetireReason;
    actor: string;
  }): Promise<RetireCodeResult>;
  readonly judgement: Judgement;
  readonly queries: Queries;
  readonly ledger: LedgerReads;
  readonly heldData: HeldDataReads;
};
