/** The screens of sharing, in one piece to load. */
export { PickForDesk } from './desk.tsx';
export { Join } from './join.tsx';
export { SharedDrafts, SharedWithMe } from './list.tsx';
export { Share } from './share.tsx';
