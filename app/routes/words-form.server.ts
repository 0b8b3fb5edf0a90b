import { LANGUAGES } from "../domain/note/language.ts";
import { NOTE_KINDS } from "../domain/note/note-kind.ts";
import { refusalMessage } from "../domain/note/refusal-words.ts";
import type { AdminVisit } from "./authenticate.server.ts";
import { text } from "./review-form.server.ts";

const VOICE_LENGTH_MAX = 500;
const HOURS_A_DAY = 24;
const TEAM_MESSAGES = {
  bad_address: "One of these is no e-mail address.",
  too_many_addresses: "Ten addresses at most.",
} as const;

export type WordsAnswer = { readonly status: number; readonly answer: Readonly<Record<string, unknown>> };

/** Does what a form of the words page asks for: `intent` says which of its forms it was. */
export async function answerWords(visit: AdminVisit, form: FormData): Promise<WordsAnswer> {
  switch (text(form, "intent") ?? "") {
    case "preview":
      return preview(visit, form);
    case "voice":
      return saveVoice(visit, form);
    case "wording":
      return saveWording(visit, form);
    case "settings":
      return saveSettings(visit, form);
    case "resend": {
      const { goodword, shopId, staffId: actor } = visit;
      const result = await goodword.resendNote({ shopId, noteId: text(form, "noteId") ?? "", actor });
      return result.outcome === "queued"
        ? { status: 200, answer: result }
        : refused("not_failed", "This message cannot be sent again: it may have gone out.");
    }
    default:
      return { status: 400, answer: { error: { code: "bad_request", message: "There is no such intent." } } };
  }
}

async function preview({ goodword, shopId }: AdminVisit, form: FormData): Promise<WordsAnswer> {
  const language = languageIn(form);
  if (language === undefined) return refused("bad_language", "There is no such language.");
  const voice = voiceIn(form);
  const previewed = await goodword.previewWords({ shopId, voice, language });
  return { status: 200, answer: { outcome: "previewed", voice: voice ?? "", language, ...previewed } };
}

async function saveVoice({ goodword, shopId, staffId }: AdminVisit, form: FormData): Promise<WordsAnswer> {
  const result = await goodword.saveTerms({ shopId, patch: { voice: voiceIn(form) }, actor: staffId });
  if (result.outcome !== "invalid") return { status: 200, answer: { outcome: "voice_saved" } };
  return refused("invalid", result.problems[0]?.message ?? "The voice was not saved.");
}

async function saveWording({ goodword, shopId, staffId }: AdminVisit, form: FormData): Promise<WordsAnswer> {
  const kind = NOTE_KINDS.find((known) => known === form.get("kind"));
  const language = languageIn(form);
  if (kind === undefined || language === undefined) return refused("bad_note", "There is no such note.");
  const body = text(form, "body");
  const result = await goodword.saveWording({ shopId, kind, language, body, actor: staffId });
  return result.outcome === "refused"
    ? refused(result.reason, refusalMessage(result.reason))
    : { status: 200, answer: { outcome: `wording_${result.outcome}`, kind, language } };
}

async function saveSettings({ goodword, shopId, staffId }: AdminVisit, form: FormData): Promise<WordsAnswer> {
  const language = languageIn(form);
  const quietFrom = hourIn(form, "quietFrom");
  const quietTo = hourIn(form, "quietTo");
  if (language === undefined || quietFrom === null || quietTo === null)
    return refused("bad_settings", "The settings cannot be read.");
  const teamMail = (text(form, "teamMail") ?? "").split(/[\s,;]+/).filter((address) => address !== "");
  const settings = { language, modelOn: form.get("modelOn") === "true", quietFrom, quietTo, teamMail };
  const result = await goodword.saveWordSettings({ shopId, settings, actor: staffId });
  return result.outcome === "refused"
    ? refused(result.reason, TEAM_MESSAGES[result.reason])
    : { status: 200, answer: { outcome: "settings_saved" } };
}

function refused(code: string, message: string): WordsAnswer {
  return { status: 422, answer: { error: { code, message } } };
}

function languageIn(form: FormData) {
  return LANGUAGES.find((known) => known === form.get("language"));
}

function voiceIn(form: FormData): string | null {
  return text(form, "voice")?.slice(0, VOICE_LENGTH_MAX) ?? null;
}

function hourIn(form: FormData, name: string): number | null {
  const hour = Number(text(form, name) ?? "x");
  return Number.isInteger(hour) && hour >= 0 && hour < HOURS_A_DAY ? hour : null;
}
