import { describe, expect, it } from 'vitest'
import { deployTarget, fits, planToFit } from '../../../server/src/core/footprint/targets.ts'
import { bounded, estimate, exact, unknown } from '../../../server/src/core/measure/figure.ts'

describe('deploy targets', () => {
  it('knows the limits to the byte', () => {
    expect(deployTarget('aws-lambda-zip')?.limit).toBe(262_144_000)
    expect(deployTarget('docker-image', 5)?.limit).toBe(5)
    expect(deployTarget('custom')).toBeUndefined()
    expect(deployTarget('nowhere', 5)).toBeUndefined()
  })
  it('says whether it fits only where that is known', () => {
    expect([fits(exact(10), 10), fits(exact(11), 10), fits(estimate(9, ''), 10), fits(bounded(11, ''), 10), fits(bounded(9, ''), 10), fits(unknown(''), 10)]).toEqual([true, false, true, false, null, null])
  })
  it('plans the fewest cuts', () => {
    const cuts = [{ title: 'a', saving: exact(10) }, { title: 'b', saving: exact(60) }, { title: 'c', saving: unknown('') }, { title: 'd', saving: exact(30) }]
    expect(planToFit(100, 20, cuts)).toMatchObject({ cuts: [{ title: 'b' }, { title: 'd' }], after: 10, fits: true })
    expect(planToFit(200, 20, cuts)).toMatchObject({ after: 100, fits: false })
    expect(planToFit(10, 20, cuts)).toMatchObject({ cuts: [], fits: true })
  })
})
