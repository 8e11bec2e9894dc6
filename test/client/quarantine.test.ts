import { expect, test } from 'vitest'
import { permissionFlags } from '../../client/src/permission-flags.ts'
import { Quarantine } from '../../client/src/quarantine.ts'

test('a file is left alone when the server ended twice while it owed an answer about it', () => {
  const quarantine = new Quarantine()
  quarantine.edited('a.py')
  quarantine.edited('b.py')
  quarantine.read('b.py')
  expect(quarantine.crashed()).toEqual([])
  quarantine.asked('a.py')
  quarantine.asked('b.py')
  quarantine.answered('b.py')
  expect(quarantine.crashed()).toEqual(['a.py'])
  expect(quarantine.files()).toEqual(['a.py'])
  // What was owed before a crash may still be answered after it: by nobody.
  quarantine.answered('a.py')
  expect(quarantine.crashed()).toEqual([])
  quarantine.release()
  expect(quarantine.files()).toEqual([])
})

test('the permission model is asked for by the newest name that the runtime knows', () => {
  expect(permissionFlags(new Set(['--permission', '--experimental-permission']))[0]).toBe('--permission')
  expect(permissionFlags(new Set(['--experimental-permission']))).toEqual(['--experimental-permission', '--allow-fs-read=*', '--no-warnings'])
  expect(permissionFlags(new Set())).toEqual([])
})
