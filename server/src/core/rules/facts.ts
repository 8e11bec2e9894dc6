/**
 * What a rule may ask. Every fact is computed by the folder that owns it, on first use, and kept for the snapshot;
 * this file only names them. A fact that cannot be known says so in its own type: never null for "not asked yet".
 *
 * To add one: add a member here and provide it in analysis-facts.ts.
 */

export interface Facts {
  /** The PyTorch that answers are for, as `2.13.0`, and where that comes from. */
  readonly torch: TorchInForce
}

export interface TorchInForce {
  readonly version: string
  readonly because: 'installed' | 'pinned' | 'set' | 'newest known'
}
