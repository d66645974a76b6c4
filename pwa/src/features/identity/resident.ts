/** The resident's screens about who they are, in one piece to load. */
export { CardPage } from './card.tsx';
export { DeskCode } from './desk-code.tsx';
