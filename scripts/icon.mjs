// Draws media/icon.png (128 x 128, what a marketplace shows) from media/icon.svg with the Chromium of the end-to-end suite.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findChromium } from './chromium.mjs'

const pixels = 128
const media = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../media')
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport: { width: pixels, height: pixels } })
await page.setContent(`<style>body { margin: 0 }</style>${fs.readFileSync(path.join(media, 'icon.svg'), 'utf8')}`)
await page.screenshot({ path: path.join(media, 'icon.png'), omitBackground: true })
await browser.close()
