/** The screens about the account, in one piece to load. */
export { Account } from './account.tsx';
export { Enrol, Start } from './start.tsx';
export { Unlock } from './unlock.tsx';
