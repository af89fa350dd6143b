/** Which screen is shown: before a ticket the citizen's own step, afterwards what the ticket's row says. */
import type { TicketState } from '@/wire/models'

/** The steps before a ticket, in their order. */
export const STEPS = ['region', 'matter', 'needs', 'consent', 'who', 'check'] as const
/** The steps before an appointment; whoever waits already has come to the fourth. */
export const BOOKING_STEPS = ['region', 'matter', 'needs', 'slot', 'consent', 'who'] as const
/** `visit`: there is a ticket. */
export type Step = 'welcome' | 'resume' | 'slot' | (typeof STEPS)[number] | 'visit'
/** What is left once the visit has ended. */
export type After = 'result' | 'rating' | 'thanks'
export type Screen =
  | Exclude<Step, 'visit'> | 'asking' | 'enrol' | 'booked' | 'ticket' | 'called' | 'call' | 'parked' | 'interrupted' | 'missed' | 'over' | After

/** Screens that no silence ever takes away. */
export const STAYS: ReadonlySet<Screen> = new Set<Screen>(['asking', 'enrol', 'called', 'call'])
/** Screens whose ticket goes on without its citizen. */
export const KEEPS: ReadonlySet<Screen> = new Set<Screen>(['ticket', 'parked', 'interrupted', 'booked'])

const OF_STATE: Partial<Record<TicketState, Screen>> = {
  booked: 'booked', checked_in: 'ticket', waiting: 'ticket', calling: 'called', connected: 'call',
  parked: 'parked', interrupted: 'interrupted', missed: 'missed', rated: 'thanks',
}

export function screenOf(place: 'asking' | 'none' | 'there', step: Step, state: TicketState | null, after: After): Screen {
  if (place === 'none') return 'enrol'
  if (place === 'asking') return 'asking'
  if (step !== 'visit') return step
  if (state === null) return 'asking'
  return state === 'ended' ? after : (OF_STATE[state] ?? 'over')
}
