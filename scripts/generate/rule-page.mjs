// A rule's page, read from the doc comment that opens its file, and the examples in it.
import * as fs from 'node:fs'

/**
 * The page of a rule: `summary` is the first sentence, `markdown` the whole page with its heading.
 * Throws with the rule's name when the comment lacks what the convention asks for.
 */
export function readPage(file, id) {
  const source = fs.readFileSync(file, 'utf8')
  const comment = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source)
  if (!comment) throw new Error(`${id}: the file must open with a doc comment`)
  // `*\/` stands for the end of a comment inside one.
  const body = comment[1].split('\n').map((line) => line.replace(/^ \* ?/, '')).join('\n').replaceAll('*\\/', '*/').trim()
  for (const heading of ['## Why', '## Examples']) {
    if (!body.includes(`\n${heading}\n`)) throw new Error(`${id}: its doc comment has no "${heading}"`)
  }
  const examples = readExamples(body)
  if (!examples.some((example) => example.expects === 'reported')) throw new Error(`${id}: no example is marked "reported"`)
  if (!examples.some((example) => example.expects === 'clean')) throw new Error(`${id}: no example is marked "clean"`)
  const first = body.split('\n\n')[0].replace(/\s+/g, ' ')
  const summary = (/^.*?[.](?=\s|$)/.exec(first)?.[0] ?? first).replace(/\.$/, '')
  // Readers see the language alone; what the test needs stands after it.
  const shown = body.replace(/^```(\w+) .*$/gm, '```$1')
  return { summary, markdown: `# ${id}\n\n${shown}\n`, examples }
}

/**
 * The fenced blocks that say what they expect: "```python reported", then optionally `file=NAME` (the name the text gets),
 * `with=NAME:FIXTURE` (a file of test/fixtures/ laid beside it), `torch=X.Y.Z`.
 */
export function readExamples(body) {
  const examples = []
  for (const [, language, info, text] of body.matchAll(/^```(\w+) (.*)\n([\s\S]*?)^```$/gm)) {
    const words = info.split(/\s+/)
    const expects = words.find((word) => word === 'reported' || word === 'clean')
    if (!expects) continue
    const values = (name) => words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1))
    examples.push({
      language,
      expects,
      text,
      file: values('file')[0] ?? { python: 'example.py', requirements: 'requirements.txt', toml: 'pyproject.toml', dockerfile: 'Dockerfile', yaml: 'environment.yml' }[language] ?? 'example.txt',
      beside: values('with').map((pair) => ({ name: pair.split(':')[0], fixture: pair.split(':')[1] })),
      torch: values('torch')[0],
    })
  }
  return examples
}
