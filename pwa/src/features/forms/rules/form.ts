/** The JSON of a form, `motcua-form/1`. Types only: the server has checked what it publishes (`form.py`). */

export type Language = 'vi' | 'en';
export type Text = Readonly<Record<Language, string>>;
export type QuestionType = 'text' | 'integer' | 'decimal' | 'date' | 'select_one' | 'select_multiple' | 'note';
export type Appearance = 'multiline' | 'numbers' | 'tel' | 'email' | 'minimal';

export interface Choice {
  readonly name: string;
  readonly label: Text;
}

/** One question. `relevant`, `required` and `constraint` are expressions; `choices` names a list of the form. */
export interface Question {
  readonly name: string;
  readonly type: QuestionType;
  readonly label: Text;
  readonly hint?: Text;
  readonly required?: true | string;
  readonly relevant?: string;
  readonly constraint?: string;
  readonly constraint_message?: Text;
  readonly choices?: string;
  readonly appearance?: Appearance;
  readonly fill?: string;
}

export interface Page {
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly relevant?: string;
  readonly questions: readonly Question[];
}

export interface Form {
  readonly form: 'motcua-form/1';
  readonly code: string;
  readonly version: string;
  readonly unit: string;
  readonly title: Text;
  readonly summary: Text;
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

/** Text, decimal and date are strings, an integer a number, several choices their names in the order of the list. */
export type Answer = string | number | string[];

/** Answers at any stage of filling: whatever a draft holds, by question name. */
export type Answers = Readonly<Record<string, unknown>>;
