import { describe, expect, test } from 'vitest'
import { readConfigFile } from '../../../server/src/core/settings/config-file.ts'
import { layerSettings } from '../../../server/src/core/settings/read-settings.ts'
import { defaultSettings } from '../../../server/src/core/settings/settings.ts'

describe('settings', () => {
  test('nothing given, nothing changed', () => {
    expect(layerSettings(defaultSettings, undefined)).toEqual({ settings: defaultSettings, problems: [] })
    expect(layerSettings(defaultSettings, null).settings).toEqual(defaultSettings)
  })

  test('nested and dotted keys mean the same', () => {
    const nested = layerSettings(defaultSettings, { hints: { minimumBytes: 5, layers: false }, target: 'vercel' }).settings
    expect(nested).toMatchObject({ hintMinimumBytes: 5, hints: { layers: false, imports: true }, target: 'vercel' })
    expect(layerSettings(defaultSettings, { 'hints.minimumBytes': 5, 'hints.layers': false, target: 'vercel' }).settings).toEqual(nested)
  })

  test('a wrong value is told and leaves what was there', () => {
    const { settings, problems } = layerSettings(defaultSettings, { target: 'moon', targetLimit: -1, 'hints.layers': 'no', exclude: 'x', budget: [{ warn: 1.5 }], nothing: 1 })
    expect(settings).toEqual(defaultSettings)
    expect(problems.map(({ key }) => key).sort()).toEqual(['budget', 'exclude', 'hints.layers', 'nothing', 'target', 'targetLimit'])
  })

  test('rules: levels, options, and what is neither', () => {
    const { settings, problems } = layerSettings(defaultSettings, { rules: { 'saves-view': 'off', 'committed-large-file': { level: 'error', maximumBytes: 5 }, 'mixed-index': 'loud' } })
    expect(settings.rules).toEqual(new Map([['saves-view', 'off'], ['committed-large-file', 'error']]))
    expect(settings.ruleOptions.get('committed-large-file')?.get('maximumBytes')).toBe(5)
    expect(problems).toMatchObject([{ key: 'rules.mixed-index' }])
  })

  test('budgets keep their globs', () => {
    expect(layerSettings(defaultSettings, { budget: [{ path: '*.pt', warn: 1, error: 2 }, { error: 3 }] }).settings.budgets).toEqual([{ path: '*.pt', warn: 1, error: 2 }, { path: '**', error: 3 }])
  })

  test('a name that is no own key of anything harms nothing', () => {
    expect(layerSettings(defaultSettings, JSON.parse('{"__proto__": {"target": "vercel"}, "constructor": 1}')).settings).toEqual(defaultSettings)
  })
})

describe('configuration files', () => {
  test('the table of pyproject.toml, or all of torch-footprint.toml', () => {
    expect(readConfigFile('pyproject.toml', '[tool.torch-footprint]\ntarget = "vercel"\n').values).toEqual({ target: 'vercel' })
    expect(readConfigFile('pyproject.toml', '[project]\nname = "x"\n').values).toEqual({})
    expect(readConfigFile('torch-footprint.toml', 'target = "vercel"\n').values).toEqual({ target: 'vercel' })
  })

  test('bad TOML is a problem with its line', () => {
    expect(readConfigFile('torch-footprint.toml', 'target = "vercel"\n[broken\n')).toMatchObject({ values: {}, problem: { line: 1 } })
  })
})
