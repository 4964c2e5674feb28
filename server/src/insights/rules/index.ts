/** Every rule, by name. */
import type { Need, Rule } from '../rule.ts';
import { largeLayer } from './large-layer.ts';
import { unreachableStage } from './unreachable-stage.ts';

export const rules = [largeLayer, unreachableStage] as const satisfies readonly { [N in Need]: Rule<N> }[Need][];
