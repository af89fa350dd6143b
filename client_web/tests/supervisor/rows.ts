/** Boards for tests: say what differs, the rest is a quiet hall. */
import type { BoardSnapshot, HourRow, TicketRow, WindowRow } from '@/wire/models'

/** 2026-11-22 10:30 in Asia/Shanghai */
export const NOW = Date.parse('2026-11-22T02:30:00Z')
export const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

export const ticket = (id: string, over: Partial<TicketRow> = {}) =>
  ({ id, number: id, state: 'waiting', since: ago(60), takenAt: ago(60), lane: 'ordinary', language: 'zh-CN', lineId: 'l', lineTitle: 'Line', officeId: 'o', pointName: 'point', help: false, gone: false, ...over }) as TicketRow
export const window = (id: string, state: WindowRow['state'] = 'idle', seconds = 60) =>
  ({
    id, name: id, staffName: `Staff ${id}`, state, since: ago(seconds), dueAt: state === 'paused' ? ago(seconds - 900) : null, pauseReason: state === 'paused' ? 'break' : null,
    ticketId: null, ticketNumber: null, lines: ['l'], languages: ['zh-CN'], unanswered: 0,
  }) as unknown as WindowRow
/** Paused because its clerk did not answer: until when nobody knows. */
export const unanswering = (id: string, seconds = 60): WindowRow => ({ ...window(id, 'paused', seconds), pauseReason: 'no_answer', dueAt: null })
export const hour = (id: string, over: Partial<HourRow> = {}) =>
  ({ id, taken: 0, connected: 0, served: 0, missed: 0, abandoned: 0, cancelled: 0, noShows: 0, waitS: 0, ratings: [0, 0, 0, 0, 0], ...over }) as HourRow
export const board = (id: string, over: Partial<BoardSnapshot> = {}) =>
  ({
    subject: `board:${id}`, version: 1, at: ago(0), office: { id, name: `Office ${id}`, regionCode: id, regionName: id },
    tickets: [], windows: [], hours: [], ...over,
  }) as BoardSnapshot
