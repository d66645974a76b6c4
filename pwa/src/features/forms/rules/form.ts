/** The JSON of a form, `motcua-form/2` and before it `/1`. Types only: the server has checked what it publishes. */

export type Language = 'vi' | 'en';
export type Text = Readonly<Record<Language, string>>;
export type QuestionType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'date'
  | 'time'
  | 'datetime'
  | 'select_one'
  | 'select_multiple'
  | 'rank'
  | 'calculate'
  | 'note'
  | 'image'
  | 'file'
  | 'audio'
  | 'geopoint'
  | 'barcode'
  | 'acknowledge'
  | 'range';
export type Appearance =
  | 'multiline'
  | 'numbers'
  | 'tel'
  | 'email'
  | 'minimal'
  | 'likert'
  | 'horizontal'
  | 'new';

/** A choice; members beyond name and label are columns for `choice_filter`. */
export interface Choice {
  readonly name: string;
  readonly label: Text;
  readonly [column: string]: string | Text;
}

/**
 * One question. `required`, `relevant`, `constraint`, `calculation` and `choice_filter` are expressions; `choices`
 * names a list of the form. An answer with a `calculation` is computed always and never asked, except that `once(...)`
 * is computed as long as there is no answer. All but a `calculate` have a label.
 */
export interface Question {
  readonly name: string;
  readonly type: QuestionType;
  readonly label?: Text;
  readonly hint?: Text;
  readonly guidance?: Text;
  readonly required?: true | string;
  readonly required_message?: Text;
  readonly relevant?: string;
  readonly constraint?: string;
  readonly constraint_message?: Text;
  readonly calculation?: string;
  /** An answer, or the expression that gives it when a draft or a row begins. */
  readonly default?: string | number | readonly string[] | { readonly expr: string };
  readonly read_only?: true;
  readonly choices?: string;
  readonly choice_filter?: string;
  readonly appearance?: Appearance;
  readonly parameters?: Readonly<Record<string, string | number>>;
  /** Where a known answer comes from: sources between spaces, the first that has one wins. */
  readonly fill?: string;
  /** The authority whose record is the truth. */
  readonly register?: string;
}

/** A heading within a page. It does not nest answers. */
export interface Group {
  readonly type: 'group';
  readonly name: string;
  readonly label?: Text;
  readonly hint?: Text;
  readonly relevant?: string;
  readonly questions: readonly Item[];
}

/** Items that are answered once a row. Rows are added by the person, or there are `count`, an expression. */
export interface Repeat {
  readonly type: 'repeat';
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly relevant?: string;
  readonly count?: string;
  readonly questions: readonly Item[];
}

export type Item = Question | Group | Repeat;

export interface Page {
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly relevant?: string;
  readonly questions: readonly Item[];
}

export interface Form {
  readonly form: 'motcua-form/1' | 'motcua-form/2';
  readonly code: string;
  readonly version: string;
  readonly unit: string;
  readonly title: Text;
  readonly summary: Text;
  /** Further words that the procedure is found by. */
  readonly search?: Text;
  /** In Vietnamese dong, digits only. */
  readonly fee: { readonly amount: string; readonly note?: Text };
  readonly days: { readonly working: number; readonly note?: Text };
  readonly result: Text;
  readonly bring: readonly Text[];
  readonly authority: Text;
  readonly notes: readonly string[];
  readonly choices: Readonly<Record<string, readonly Choice[]>>;
  readonly pages: readonly Page[];
}

/** What stands for an attachment. */
export type FileAnswer = Readonly<Record<'name' | 'type' | 'sha256', string> & Record<'len', number>>;

/** Texts are strings, an integer a number, several choices their names; a repeat's rows are answers of their own. */
export type Answer = string | number | readonly string[] | FileAnswer | readonly SignedAnswers[];
export interface SignedAnswers {
  readonly [name: string]: Answer;
}

/** Answers at any stage of filling: whatever a draft holds, by name; a repeat's are a list, one object a row. */
export type Answers = Readonly<Record<string, unknown>>;

/** Forms that this version of the app can read. */
export const READABLE: readonly string[] = ['motcua-form/1', 'motcua-form/2'];
