/** Predicting the file of a state_dict of 20,000 tensors, to the byte. */

import { savedFileBytes } from '../../server/src/core/serialize/saved-file-bytes.ts'
import { freshTensor, type SavedDictionary } from '../../server/src/core/serialize/saved-value.ts'
import { measure } from './measure.ts'

const COUNT = 20_000
const dictionary: SavedDictionary = {
  form: 'state-dict',
  entries: Array.from({ length: COUNT }, (_, index) => ({ name: `blocks.${String(index)}.weight`, value: freshTensor([64, 64], 'float32') })),
  versions: Array.from({ length: COUNT }, (_, index) => ({ path: `blocks.${String(index)}`, version: 1 })),
}

async function run(): Promise<void> {
  for (const torchVersion of ['1.13.1', '2.13.0']) {
    await measure(`file of ${String(COUNT)} tensors under torch ${torchVersion}`, () => savedFileBytes(dictionary, { torchVersion, fileName: 'model.pt' }))
  }
}

void run()
