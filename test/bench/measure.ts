/** Medians over repeated runs, printed as one table row each; comparisons are ratios within the same run, because machines are shared and noisy. */

export interface Measured {
  readonly name: string
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Runs `action` once to warm up, then `runs` times, and prints milliseconds. Asynchronous actions are awaited one after another. */
export async function measure(name: string, action: () => unknown, { runs = 9 } = {}): Promise<Measured> {
  await action()
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    await action()
    times.push(performance.now() - started)
  }
  return report(name, times)
}

/** Prints times (milliseconds) that were taken elsewhere, in the same form. */
export function report(name: string, times: readonly number[]): Measured {
  const measured = { name, median: percentile(times, 50), min: Math.min(...times), max: Math.max(...times) }
  console.log(`${name.padEnd(60)} ${milliseconds(measured.median).padStart(10)}   (${milliseconds(measured.min)} to ${milliseconds(measured.max)}, ${times.length} runs)`)
  return measured
}

/** Prints a value that is not a time: bytes read, a ratio, a figure with its aim. */
export function row(name: string, value: string, aim = ''): void {
  console.log(`${name.padEnd(60)} ${value.padStart(10)}   ${aim}`)
}

export function ratio(name: string, ours: Measured, peer: Measured, aim = ''): void {
  row(name, (ours.median / peer.median).toFixed(2), aim)
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? Number.NaN
}


function milliseconds(time: number): string {
  return `${time < 10 ? time.toFixed(2) : time.toFixed(1)} ms`
}
