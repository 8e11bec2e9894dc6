/**
 * The one shape that every manifest is read into: what is asked for, from where, and on which text it stands. Readers
 * recover: a broken line is a problem with its place, and the rest is still read.
 */

import type { Marker } from '../packages/marker.ts'
import type { Range } from '../text/range.ts'

export type ManifestKind =
  | 'requirements' | 'constraints' | 'pyproject' | 'uv-lock' | 'poetry-lock' | 'pipfile' | 'pipfile-lock' | 'conda' | 'setup-cfg' | 'dockerfile'

/** In whose words a requirement is written; decides how a fix writes. */
export type Idiom = 'pip' | 'pep621' | 'poetry' | 'pdm' | 'pipfile' | 'conda' | 'lock' | 'command'

export interface ManifestRequirement {
  /** As written. */
  readonly name: string
  readonly key: string
  readonly extras: readonly string[]
  /** As PEP 440 writes it, whatever the manifest's own syntax; empty for any version. */
  readonly specifier: string
  readonly url?: string
  readonly marker?: Marker
  readonly markerText?: string
  /** The whole item, such as `torch==2.1.0 ; python_version < "3.12"`. */
  readonly range: Range
  /** Its name alone. */
  readonly nameRange: Range
  /** The version alone, where it can be replaced. */
  readonly specifierRange?: Range
  /** What to delete so that nothing of it is left; missing where deleting it needs more thought. */
  readonly removal?: Range
  readonly idiom: Idiom
  /** `main`, or the name of a group or extra. */
  readonly group: string
  /** For development only: it is not shipped. */
  readonly dev: boolean
  /** The name of the index that it is bound to. */
  readonly source?: string
  /** Whether hashes pin the file, so that another build cannot take its place. */
  readonly hashed: boolean
  /** The index of its command in `commands`, in a Dockerfile. */
  readonly command?: number
}

export interface ManifestIndex {
  /** `index` replaces PyPI, `extra` stands beside it, `links` is a page of files, `channel` is conda's. */
  readonly role: 'index' | 'extra' | 'links' | 'channel'
  readonly url: string
  readonly name?: string
  /** Only packages bound to it are taken from it. */
  readonly explicit?: boolean
  readonly range: Range
  readonly command?: number
}

export interface ManifestInclude {
  /** As written, relative to the file. */
  readonly path: string
  readonly role: 'requirements' | 'constraints'
  readonly range: Range
  readonly command?: number
}

export interface ManifestProblem {
  readonly range: Range
  readonly message: string
}

export interface Manifest {
  readonly file: string
  readonly kind: ManifestKind
  readonly requirements: readonly ManifestRequirement[]
  readonly indexes: readonly ManifestIndex[]
  readonly includes: readonly ManifestInclude[]
  readonly problems: readonly ManifestProblem[]
  /** The Pythons it is for, as a PEP 440 specifier, and where it says so. */
  readonly python?: { readonly specifier: string; readonly range: Range }
  /** The tool that installs from a pyproject.toml, where the file shows it. */
  readonly tool?: 'uv' | 'poetry' | 'pdm' | 'setuptools' | 'other'
  /** The root of a uv workspace: the names of the indexes that it binds packages to, for all members. */
  readonly workspaceSources?: ReadonlyMap<string, string>
}

/** Larger manifests are read by their lines alone, larger than this not at all. */
export const maxManifestBytes = 64_000_000

/** What a file is, by its name; undefined for no manifest. */
export function manifestKind(file: string): ManifestKind | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1)
  if (/^constraints?[\w.-]*\.(?:txt|in)$/i.test(name)) return 'constraints'
  if (/^(?:[\w.-]*requirements?[\w.-]*|reqs?[\w.-]*)\.(?:txt|in|pip)$/i.test(name) || (/\/requirements\//.test(file) && /\.(?:txt|in)$/.test(name))) return 'requirements'
  if (name === 'pyproject.toml') return 'pyproject'
  if (name === 'uv.lock') return 'uv-lock'
  if (name === 'poetry.lock' || name === 'pdm.lock') return 'poetry-lock'
  if (name === 'Pipfile') return 'pipfile'
  if (name === 'Pipfile.lock') return 'pipfile-lock'
  if (name === 'setup.cfg') return 'setup-cfg'
  if (/^(?:environment|conda)[\w.-]*\.ya?ml$/i.test(name)) return 'conda'
  if (/^(?:[\w.-]*\.)?(?:Docker|Container)file$/i.test(name) || /^(?:Docker|Container)file[.-].+$/i.test(name)) return 'dockerfile'
  return undefined
}

/** torch and the packages that are built for one torch. */
export const torchFamily: ReadonlySet<string> = new Set(['torch', 'torchvision', 'torchaudio', 'torchtext', 'torchdata', 'torchcodec', 'torchao', 'triton', 'pytorch-triton', 'functorch'])

/** The packages that the PyTorch index builds per CUDA: those whose index matters. */
export const indexedFamily: ReadonlySet<string> = new Set(['torch', 'torchvision', 'torchaudio'])
