/** The resident's wallet, in one piece to load. */
export { Claim } from './claim.tsx';
export { Present } from './present.tsx';
export { Wallet } from './wallet.tsx';
