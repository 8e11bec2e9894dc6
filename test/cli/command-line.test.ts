import { describe, expect, test } from 'vitest'
import { type Command, defineCommand, UsageError } from '../../server/src/cli/command.ts'
import { runCommandLine } from '../../server/src/cli/command-line.ts'
import { commands } from '../../server/src/cli/generated/commands.ts'

/** Runs a command line in this process and keeps what it printed. */
async function runWith(known: readonly Command[], args: readonly string[]): Promise<{ status: number; out: string; error: string }> {
  let out = ''
  let error = ''
  const status = await runCommandLine(known, args, {
    cwd: '/here',
    environment: {},
    out: { write: (text) => { out += text }, isTerminal: false, columns: undefined },
    error: { write: (text) => { error += text }, isTerminal: false },
  })
  return { status, out, error }
}

const echo = defineCommand({
  name: 'echo',
  summary: 'echo',
  targets: { usage: '[FILE...]', description: 'files' },
  options: [{ name: 'rule', value: 'ID', repeatable: true, description: '' }, { name: 'save-as', value: 'NAME', description: '' }, { name: 'diff', description: '' }],
  run(context) {
    if (context.targets.includes('wrong')) throw new UsageError('wrong is wrong')
    return {
      document: { targets: context.targets, rule: context.values('rule'), saveAs: context.value('save-as') ?? null, diff: context.flag('diff'), assume: [...context.common.assume], site: context.common.sitePackages },
      text: (style) => style.bold(context.targets.join(' ')),
      problems: context.targets.filter((target) => target.startsWith('missing')).map((input) => ({ input, message: 'there is no\nsuch file' })),
      findings: context.flag('diff') ? [{ severity: 'warning' as const }] : [],
    }
  },
})

describe('the command line', () => {
  test('takes options before and after targets, repeated where said', async () => {
    const { out, status } = await runWith([echo], ['echo', '--rule', 'a', 'x', '--diff', '--rule', 'b', 'y', '--save-as=m.pt', '--assume', 'n=a=b', '--json', '--site-packages', '/s'])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toEqual({
      schema: 1, tool: { name: 'torch-footprint', version: expect.any(String) },
      targets: ['x', 'y'], rule: ['a', 'b'], saveAs: 'm.pt', diff: true, assume: [['n', 'a=b']], site: ['/s'], problems: [],
    })
  })

  test('names each unreadable input in one line and still prints the rest', async () => {
    const { out, error, status } = await runWith([echo], ['echo', 'missing.py', 'x', 'missing\u001b.pt'])
    expect(status).toBe(2)
    expect(error).toBe('torch-footprint: missing.py: there is no such file\ntorch-footprint: missing .pt: there is no such file\n')
    expect(out).toBe('missing.py x missing\u001b.pt\n')
  })

  test('fails by severity only when asked', async () => {
    expect((await runWith([echo], ['echo', '--diff'])).status).toBe(0)
    expect((await runWith([echo], ['echo', '--diff', '--fail-on', 'warning'])).status).toBe(1)
    expect((await runWith([echo], ['echo', '--diff', '--fail-on', 'error'])).status).toBe(0)
  })

  test.each([
    [['nosuch']], [['echo', '--nosuch']], [['echo', 'wrong']], [['echo', '--fail-on', 'never']], [['echo', '--assume', 'x']], [['echo', '--torch-version', 'new']], [['echo', '--rule']],
  ])('says wrong usage in one line: %j', async (args) => {
    const { out, error, status } = await runWith([echo], args)
    expect(status).toBe(2)
    expect(out).toBe('')
    expect(error).toMatch(/^torch-footprint: [^\n]+\n$/)
  })

  test('wrong usage is a document, too', async () => {
    const { out, status } = await runWith([echo], ['echo', '--json', '--nosuch'])
    expect(status).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ schema: 1, problems: [{ input: 'command line' }] })
  })

  test('prints help and its version', async () => {
    expect((await runWith(commands, [])).out).toContain('Usage: torch-footprint')
    expect((await runWith(commands, ['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await runWith(commands, ['rules', '--help'])).out).toContain('--json')
  })

  test('explains a rule that is not there', async () => {
    const { error, status } = await runWith(commands, ['explain', 'no-such-thing'])
    expect(status).toBe(2)
    expect(error).toContain('no such rule')
  })
})
