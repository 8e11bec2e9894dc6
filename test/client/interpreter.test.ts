import { beforeEach, expect, test, vi } from 'vitest'

/** The part of the Python extension that is asked, as a test plays it. */
const python = vi.hoisted(() => ({
  installed: true,
  active: '/usr/bin/python3' as string | undefined,
  /** Answers that wait for the test, by the path that was asked about. */
  waiting: new Map<string, () => void>(),
  listeners: [] as (() => void)[],
  ready: true,
}))

vi.mock('vscode', () => ({
  extensions: { getExtension: (id: string) => (python.installed && id === 'ms-python.python' ? {} : undefined) },
  workspace: { workspaceFolders: [{ uri: { fsPath: '/project' } }] },
}))
vi.mock('@vscode/python-extension', () => ({
  PythonExtension: {
    api: () => (python.ready ? Promise.resolve({
      environments: {
        getActiveEnvironmentPath: () => ({ path: python.active }),
        resolveEnvironment: ({ path }: { readonly path: string | undefined }) => new Promise((resolve, reject) => {
          if (path === 'broken') { reject(new Error('no such environment')); return }
          const answer = () => { resolve(path === undefined ? undefined : { executable: { uri: { fsPath: path } } }) }
          if (path?.startsWith('slow') === true) python.waiting.set(path, answer)
          else answer()
        }),
        onDidChangeActiveEnvironmentPath(listener: () => void) {
          python.listeners.push(listener)
          return { dispose: () => { python.listeners.splice(python.listeners.indexOf(listener), 1) } }
        },
      },
    }) : Promise.reject(new Error('it failed to start'))),
  },
}))

const { followInterpreter } = await import('../../client/src/interpreter.ts')
const log = { info: vi.fn(), warn: vi.fn() }
const follow = (select: (interpreter: string | undefined) => void) => followInterpreter(log as never, select)
const change = (path: string | undefined) => {
  python.active = path
  for (const listener of python.listeners) listener()
}

beforeEach(() => {
  Object.assign(python, { installed: true, ready: true, active: '/usr/bin/python3', listeners: [] })
  python.waiting.clear()
  log.warn.mockClear()
})

test('the selected interpreter is told at once, and each one that is selected after it', async () => {
  const told: (string | undefined)[] = []
  const following = await follow((interpreter) => told.push(interpreter))
  expect(told).toEqual(['/usr/bin/python3'])
  change('/project/.venv/bin/python')
  await vi.waitFor(() => { expect(told).toEqual(['/usr/bin/python3', '/project/.venv/bin/python']) })
  change(undefined)
  await vi.waitFor(() => { expect(told.at(-1)).toBeUndefined() })
  following?.dispose()
  change('/opt/python')
  expect(told).toHaveLength(3)
})

test('of two selections in quick succession the last one counts, whichever is answered first', async () => {
  const told: (string | undefined)[] = []
  await follow((interpreter) => told.push(interpreter))
  change('slow-first')
  change('slow-last')
  python.waiting.get('slow-last')!()
  python.waiting.get('slow-first')!()
  await vi.waitFor(() => { expect(told).toEqual(['/usr/bin/python3', 'slow-last']) })
})

test('without the Python extension, and with one that fails, nothing is told and nothing breaks', async () => {
  const select = vi.fn()
  python.installed = false
  expect(await follow(select)).toBeUndefined()
  python.installed = true
  python.ready = false
  expect(await follow(select)).toBeUndefined()
  python.ready = true
  python.active = 'broken'
  await follow(select)
  expect(select).not.toHaveBeenCalled()
  expect(log.warn).toHaveBeenCalledTimes(2)
})
