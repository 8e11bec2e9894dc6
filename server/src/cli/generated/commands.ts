/** Written by `npm run generate`; do not edit. */

import { command as scan } from '../commands/scan.ts'
import { command as model } from '../commands/model.ts'
import { command as checkpoint } from '../commands/checkpoint.ts'
import { command as env } from '../commands/env.ts'
import { command as fix } from '../commands/fix.ts'
import { command as slim } from '../commands/slim.ts'
import { command as rules } from '../commands/rules.ts'
import { command as explain } from '../commands/explain.ts'
import { command as lsp } from '../commands/lsp.ts'
import { command as wheel } from '../commands/wheel.ts'
import type { Command } from '../command.ts'

export const commands: readonly Command[] = [scan, model, checkpoint, env, fix, slim, rules, explain, lsp, wheel]
