import { describe, expect, it } from 'vitest'
import { savedFileBytes } from '../../../server/src/core/serialize/saved-file-bytes.ts'
import { dictionaryOf, readSerializeCases } from './oracle.ts'

const cases = readSerializeCases()

describe('savedFileBytes equals what torch.save wrote', () => {
  const versions = [...new Set(cases.flatMap((row) => Object.keys(row.bytes)))].sort()
  for (const version of versions) {
    it(`torch ${version}, to the byte`, () => {
      const rows = cases.filter((row) => row.bytes[version] !== undefined)
      const wrong: string[] = []
      let exact = 0
      for (const row of rows) {
        const figure = savedFileBytes(dictionaryOf(row), { torchVersion: version, fileName: row.file })
        if (figure.certainty === 'exact') exact += 1
        if (figure.certainty === 'exact' && figure.value !== row.bytes[version]) wrong.push(`${row.case} ${row.file}: ${String(figure.value)} for ${String(row.bytes[version])}`)
        if (figure.certainty === 'unknown') wrong.push(`${row.case}: unknown, ${figure.reason}`)
      }
      expect(wrong).toEqual([])
      // Releases that name storages after addresses can only be estimated.
      expect(exact).toBe(/^1\.[678]\./.test(version) ? 0 : rows.length)
    })
  }
})
