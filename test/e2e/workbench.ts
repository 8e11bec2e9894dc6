/** VS Code as a person meets it: opens files, reads what is shown, presses keys. Knows where things are in the page, asserts nothing. */

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { serve, type RunningCodeServer } from '../../scripts/code-server.mjs'

/** What is waited for comes within a second or two; a loaded machine may need more. */
const patience = 30_000

export interface WorkbenchOptions {
  /** Fills the folder that is opened; a path that it returns, of a .code-workspace file, is opened instead. */
  readonly prepare: (folder: string) => string | undefined
  readonly settings?: Readonly<Record<string, unknown>>
}

export class Workbench {
  readonly folder: string
  readonly page: Page
  readonly #scratch: string
  readonly #server: RunningCodeServer
  readonly #browser: Browser

  constructor(parts: { readonly scratch: string; readonly folder: string; readonly server: RunningCodeServer; readonly browser: Browser; readonly page: Page }) {
    this.folder = parts.folder
    this.page = parts.page
    this.#scratch = parts.scratch
    this.#server = parts.server
    this.#browser = parts.browser
  }

  /** Opens a file from the explorer: this build has no ripgrep, so Quick Open finds nothing. */
  async open(file: string): Promise<void> {
    const explorer = this.page.locator('.explorer-viewlet')
    if (!await explorer.isVisible()) await this.page.keyboard.press('Control+Shift+e')
    const parts = file.split('/')
    for (const folder of parts.slice(0, -1)) {
      const row = explorer.locator(`.monaco-list-row[aria-label^="${folder}"]`)
      if (await row.getAttribute('aria-expanded', { timeout: patience }) === 'false') await row.click()
    }
    await explorer.locator(`.monaco-list-row[aria-label^="${parts.at(-1)!}"]`).dblclick({ timeout: patience })
    await this.page.locator('.tab.active', { hasText: parts.at(-1)! }).waitFor({ timeout: patience })
  }

  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1')
    const input = this.page.locator('.quick-input-widget input')
    await input.fill(`>${title}`)
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: patience })
    await input.press('Enter')
  }

  /** Puts the cursor at a text of the open file (its first place, or the given one), by searching for it. */
  async cursorAt(line: number, column = 1): Promise<void> {
    await this.page.keyboard.press('Control+g')
    const input = this.page.locator('.quick-input-widget input')
    await input.fill(`:${line}:${column}`)
    await input.press('Enter')
    await input.waitFor({ state: 'hidden', timeout: patience })
  }

  /** The visible line that holds a text. */
  line(text: string): Locator {
    return this.page.locator('.editor-instance .view-line', { hasText: nonBreaking(text) }).first()
  }

  /** Waits until the line that holds `text` also shows `hint`. */
  async hint(text: string, hint: string | RegExp): Promise<string> {
    const line = this.page.locator('.editor-instance .view-line').filter({ hasText: nonBreaking(text) }).filter({ hasText: typeof hint === 'string' ? nonBreaking(hint) : hint }).first()
    await line.waitFor({ timeout: patience })
    return plain(await line.innerText())
  }

  /** The hover over a word of a line. */
  async hover(line: number, column: number): Promise<string> {
    await this.cursorAt(line, column)
    await this.command('Show or Focus Hover')
    const card = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first()
    await card.waitFor({ timeout: patience })
    return plain(await card.innerText())
  }

  async closeHover(): Promise<void> {
    await this.page.keyboard.press('Escape')
    await this.page.keyboard.press('Escape')
  }

  /** The titles of the quick fixes at the cursor. */
  async quickFixes(): Promise<string[]> {
    await this.page.keyboard.press('Control+.')
    const menu = this.page.locator('.action-widget')
    const none = this.page.locator('.monaco-editor-overlaymessage', { hasText: 'No code actions' })
    await menu.or(none).filter({ visible: true }).first().waitFor({ timeout: patience })
    const titles = await menu.locator('.monaco-list-row.action .title').allInnerTexts()
    return titles.map(plain)
  }

  /** Takes one of them: with the keyboard, for the list moves under a mouse while the lamp is drawn anew. */
  async choose(title: string): Promise<void> {
    const titles = (await this.page.locator('.action-widget .monaco-list-row.action .title').allInnerTexts()).map(plain)
    for (let i = titles.findIndex((one) => one.startsWith(title)); i > 0; i--) await this.page.keyboard.press('ArrowDown')
    await this.page.keyboard.press('Enter')
    await this.page.locator('.action-widget').waitFor({ state: 'hidden', timeout: patience })
  }

  /** Saves the open file, which has been changed, and waits until it is on the disk. */
  async save(): Promise<void> {
    await this.page.locator('.tab.active.dirty').waitFor({ timeout: patience })
    await this.page.keyboard.press('Control+s')
    await this.page.locator('.tab.active:not(.dirty)').waitFor({ timeout: patience })
  }

  /** The text of a file of the workspace on disk. */
  read(file: string): string {
    return fs.readFileSync(path.join(this.folder, file), 'utf8')
  }

  /** The findings in the Problems panel. */
  async problems(): Promise<string[]> {
    await this.command('Problems: Focus on Problems View')
    await this.page.locator('.markers-panel').waitFor({ timeout: patience })
    return (await this.page.locator('.markers-panel .monaco-list-row').allInnerTexts()).map(plain)
  }

  /** The rows of the sidebar, as far as they are open. */
  get footprint(): Locator {
    return this.page.locator('.sidebar .monaco-list-row')
  }

  /** The document inside the webview in front. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame')
  }

  /** A picture that the README shows: written into the repository when the suite is run with --update. */
  async readmePicture(name: string): Promise<void> {
    await this.picture(name)
    if (inject('update')) fs.copyFileSync(path.join(inject('pictures'), `${name}.png`), path.join(inject('root'), 'media/screenshots', `${name}.png`))
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(inject('pictures'), `${name}.png`) })
  }

  /** After a test: what the page looked like when it failed. */
  async pictureOfFailure({ name, result }: { readonly name: string; readonly result?: { readonly state: string } | undefined }): Promise<void> {
    if (result?.state === 'fail') await this.picture(`failed ${name.replace(/[^\w ]+/g, ' ')}`)
  }

  async theme(name: 'Default Dark Modern' | 'Default Light Modern' | 'Default High Contrast' | 'Default High Contrast Light'): Promise<void> {
    this.settings({ 'workbench.colorTheme': name })
    const kind = name.includes('High Contrast Light') ? 'hc-light' : name.includes('High Contrast') ? 'hc-black' : name.includes('Light') ? 'vs' : 'vs-dark'
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: patience })
  }

  /** Changes settings of the workspace as a hand on the file would. */
  settings(changes: Readonly<Record<string, unknown>>): void {
    const file = path.join(this.folder, '.vscode/settings.json')
    const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) as object : {}
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, JSON.stringify({ ...before, ...changes }, null, 2))
  }

  /** The language servers that this VS Code has started. */
  serverProcesses(): number[] {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
      const line = commandLine(pid)
      return line.includes(this.#scratch) && line.includes('dist/server.js')
    })
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.#server.close()
    fs.rmSync(this.#scratch, { recursive: true, force: true })
  }
}

/** Serves a fresh copy of a workspace with the packaged extension installed, and opens it in a browser. */
export async function openWorkbench({ prepare, settings = {} }: WorkbenchOptions): Promise<Workbench> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-footprint-'))
  const folder = path.join(scratch, 'project')
  fs.mkdirSync(folder)
  const workspace = prepare(folder) ?? folder
  const server = await serve(inject('codeServer'), {
    vsix: inject('vsix'), folder: workspace, profile: path.join(scratch, 'profile'),
    settings: { 'editor.minimap.enabled': false, 'files.autoSave': 'off', 'window.commandCenter': false, 'editor.hover.delay': 100, 'problems.decorations.enabled': false, ...settings },
  })
  const browser = await chromium.launch({
    executablePath: inject('chromium'),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(server.url)
  await page.locator('.monaco-workbench').waitFor({ timeout: patience })
  await page.locator('.explorer-viewlet .monaco-list-row').first().waitFor({ timeout: patience })
  // What an extension contributes is known a moment after the window is there: its icon tells.
  await page.locator('.activitybar [aria-label="Torch Footprint"]').first().waitFor({ timeout: patience })
  return new Workbench({ scratch, folder, server, browser, page })
}

function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has ended since the folder was listed.
    return ''
  }
}

/** Monaco shows spaces as no-break spaces. */
function nonBreaking(text: string): RegExp {
  return new RegExp([...text].map((sign) => sign === ' ' ? '[ \\u00a0]' : sign.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join(''))
}

function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ').replaceAll('\u200b', '').trim()
}
