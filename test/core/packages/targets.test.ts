import { describe, expect, it } from 'vitest'
import { deployment, type DeploymentInput } from '../../../server/src/core/footprint/deployment.ts'
import { deployTarget, fits, planFiles, planToFit } from '../../../server/src/core/footprint/targets.ts'
import { bounded, estimate, exact, unknown } from '../../../server/src/core/measure/figure.ts'

const target = (name: string, targetLimit = 0) => deployTarget({ target: name, targetLimit })

describe('deploy targets', () => {
  it('knows the limits to the byte', () => {
    expect(target('aws-lambda-zip')?.limit).toBe(262_144_000)
    expect(target('docker-image', 5)?.limit).toBe(5)
    expect(target('custom')).toBeUndefined()
    expect(target('none', 5)).toBeUndefined()
    expect(target('nowhere', 5)).toBeUndefined()
  })
  it('says whether it fits only where that is known', () => {
    const ten = { limit: 10, kind: 'folder' } as const
    expect([exact(10), exact(11), estimate(9, ''), bounded(11, ''), bounded(9, ''), unknown('')].map((bytes) => fits(bytes, ten).fits)).toEqual([true, false, true, false, null, null])
  })
  it('compressed bytes decide a slug, and a base image comes on top of an image', () => {
    const slug = target('heroku-slug')!
    expect([exact(500e6), exact(900e6), exact(5e9)].map((bytes) => fits(bytes, slug).fits)).toEqual([true, null, false])
    const image = target('docker-image', 2e9)!
    expect([exact(700e6), exact(1e9), exact(3e9)].map((bytes) => fits(bytes, image).fits)).toEqual([true, null, false])
  })
  it('plans the fewest cuts, one for each thing', () => {
    const cuts = [{ title: 'a', saving: exact(10), of: 'a' }, { title: 'b', saving: exact(60), of: 'b' }, { title: 'less of b', saving: exact(50), of: 'b' }, { title: 'c', saving: unknown(''), of: 'c' }, { title: 'd', saving: exact(30), of: 'd' }]
    expect(planToFit(100, 20, cuts)).toMatchObject({ cuts: [{ title: 'b' }, { title: 'd' }], after: 10, fits: true })
    expect(planToFit(200, 20, cuts)).toMatchObject({ after: 100, fits: false })
    expect(planToFit(10, 20, cuts)).toMatchObject({ cuts: [], fits: true })
  })
  it('cuts every file that is too large, by as little as does', () => {
    const cut = (title: string, saving: number) => ({ title, saving: exact(saving), of: 'x' })
    expect(planFiles([{ bytes: 300, cuts: [cut('all', 300), cut('half', 150), cut('most', 210)] }, { bytes: 50, cuts: [cut('no', 50)] }], 100)).toMatchObject({ cuts: [{ title: 'most' }], after: 90, fits: true })
    expect(planFiles([{ bytes: 300, cuts: [] }], 100)).toMatchObject({ cuts: [], after: 300, fits: false })
  })
})

describe('a deployment', () => {
  const base: DeploymentInput = { target: target('aws-lambda-zip')!, total: exact(6e9), unknownPart: undefined, checkpoints: [], packages: undefined, roots: new Set(), imported: new Set(), missing: new Map(), notInstalled: undefined, touchesGpu: true }
  const checkpoint = { path: '/p/old.pt', name: 'old.pt', bytes: 900e6, isLoaded: false, smaller: [{ title: 'Drop the optimizer state from old.pt', fileBytes: exact(300e6), isLossy: false }, { title: 'Save in float16: old.pt', fileBytes: exact(450e6), isLossy: true }] } as const

  it('takes torch from the CPU index where the platform has no GPU, and leaves out what no code loads', () => {
    const answer = deployment({ ...base, notInstalled: { now: exact(5e9), cpu: exact(7e8) }, checkpoints: [checkpoint] })
    expect(answer).toMatchObject({ fits: false, cuts: [{ rule: 'cuda-wheel-for-cpu-code', saving: exact(4.3e9) }, { title: 'Leave out old.pt: no deployed code loads it' }], after: exact(8e8), fitsAfter: false })
  })
  it('does not take the GPU from code that uses one', () => {
    expect(deployment({ ...base, target: target('docker-image', 1e9)!, notInstalled: { now: exact(5e9), cpu: exact(7e8) } })).toMatchObject({ fits: false, cuts: [], after: null, fitsAfter: null })
  })
  it('loses precision only where nothing else is enough', () => {
    const small = { ...checkpoint, isLoaded: true }
    expect(deployment({ ...base, total: exact(900e6), target: target('custom', 400e6)!, checkpoints: [small] }).cuts).toMatchObject([{ title: 'Drop the optimizer state from old.pt' }])
    expect(deployment({ ...base, total: exact(900e6), target: target('custom', 460e6)!, checkpoints: [{ ...small, smaller: small.smaller.slice(1) }] })).toMatchObject({ cuts: [{ title: 'Save in float16: old.pt' }], fitsAfter: true })
  })
  it('says nothing fits while a part is unknown', () => {
    expect(deployment({ ...base, total: estimate(1e6, ''), unknownPart: 'bert' })).toMatchObject({ fits: null, because: 'the bytes of bert are not known' })
    expect(deployment({ ...base, total: estimate(1e12, ''), unknownPart: 'bert' })).toMatchObject({ fits: false })
  })
  it('counts single files for a repository', () => {
    expect(deployment({ ...base, target: target('github-file')!, checkpoints: [checkpoint] })).toMatchObject({ bytes: exact(900e6), fits: false, cuts: [{ title: 'Keep old.pt out of the repository, or in Git LFS' }], fitsAfter: true })
    expect(deployment({ ...base, target: target('github-file')! })).toMatchObject({ bytes: exact(0), fits: true, cuts: [] })
  })
})
