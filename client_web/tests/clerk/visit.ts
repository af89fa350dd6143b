/** A visit and a board as small as a test needs them. */
import type { BoardSnapshot, PaperRow, TicketRow, VisitSnapshot } from '@/wire/models'

export function ticketRow(over: Partial<TicketRow> = {}): TicketRow {
  return { id: 't1', number: 'B001', state: 'waiting', lane: 'ordinary', since: '2026-11-22T01:00:00Z', lineId: 'l1', matterName: 'M', ...over } as TicketRow
}
export function paperRow(over: Partial<PaperRow> = {}): PaperRow {
  return { id: 'p1', materialNo: 1, turn: 1, pages: 3, state: 'submitted', ...over } as PaperRow
}
export function visitOf(over: Partial<VisitSnapshot> = {}): VisitSnapshot {
  const material = (no: number, necessity: string) => ({ no, name: `material ${no}`, necessity })
  return {
    subject: 'ticket:t1',
    version: 1,
    ticket: ticketRow({ state: 'connected' }),
    matter: { materials: [material(1, 'required'), material(2, 'required'), material(3, 'optional')] },
    papers: [],
    checks: [{ id: 'notice', result: null }, { id: 'agent', result: null }],
    ...over,
  } as unknown as VisitSnapshot
}
export function boardOf(tickets: TicketRow[], subject = 'board:o1'): BoardSnapshot {
  return { subject, version: 1, at: '', tickets, windows: [], hours: [] } as unknown as BoardSnapshot
}
