/** The officer's screens, in one piece to load: residents never do. */
export { Desk } from './desk.tsx';
export { Inbox } from './inbox.tsx';
