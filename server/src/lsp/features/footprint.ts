/** The sidebar's tree and the status bar's total; tells the client when asking again is worth it. */

import { footprintChangedNotification, footprintRequest, type FootprintAnswer } from '../../protocol.ts'
import { guardRequest, guardWork } from '../guard.ts'
import { renderFootprint } from '../footprint-rows.ts'
import type { Feature } from '../session.ts'

/** The tree follows edits at leisure: nobody watches it while typing. */
const settleMilliseconds = 800

export const footprint: Feature = {
  capabilities: {},
  register({ connection, service, start, timers, refreshed, edited }) {
    connection.onRequest(footprintRequest, guardRequest<unknown, FootprintAnswer>(connection.console, 'footprint', () => {
      const summary = service.footprint()
      return summary ? renderFootprint(summary, { units: service.units() }) : { rows: [], markdown: '' }
    }))
    // Another editor has not asked to be told.
    if (!start.sidebar) return
    const tell = guardWork(connection.console, 'footprint changed', () => connection.sendNotification(footprintChangedNotification))
    const schedule = () => { timers.schedule('footprint', settleMilliseconds, tell) }
    refreshed.on(schedule)
    edited.on(schedule)
  },
}
