/** The screens that someone who fills a form needs, in one piece to load. */
export { Answers, applicant, summaryFits } from './answers.tsx';
export { Draft } from './draft.tsx';
export { Outbox } from './outbox.tsx';
export { Questions } from './questions.tsx';
export { Review } from './review.tsx';
