import type { Form, Item, Page } from '../rules/form.ts';

/** Return a form whose every question applies and none is required: what is left to judge is whether answers fit. */
export function unconditional(form: Form): Form {
  return { ...form, pages: form.pages.map(bare) };
}

function bare<Part extends Page | Item>(part: Part): Part {
  const kept = Object.entries(part).filter(([name]) => name !== 'relevant' && name !== 'required');
  const inner = 'questions' in part ? { questions: part.questions.map(bare) } : {};
  return { ...(Object.fromEntries(kept) as Part), ...inner };
}
