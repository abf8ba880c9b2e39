import { RemovalPolicy } from 'aws-cdk-lib';
import type { Settings } from './settings.ts';

/** Stages whose data is made anew at any time; all others are somebody's production. */
const passing = /^(dev|test|pr|ci|sandbox)(-|$)/;

/** Whether the data of a deployment outlives its stack. */
export function keepsData({
  stage,
  dataOnDestroy,
}: Pick<Settings, 'stage' | 'dataOnDestroy'>): boolean {
  if (dataOnDestroy === 'by-stage') return !passing.test(stage);
  return dataOnDestroy === 'keep';
}

/** What becomes of data that nothing else has, when the stack or the resource goes. */
export const dataRemovalOf = (
  settings: Pick<Settings, 'stage' | 'dataOnDestroy'>,
): RemovalPolicy => (keepsData(settings) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
