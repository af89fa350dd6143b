/**
 * Everything that crosses the wire, under the names the screens use. All of it is made from the server:
 * HTTP from its OpenAPI paper (`openapi.ts`), the socket from the vocabulary of the signaling floor (`events.ts`).
 * Moments are ISO-8601 UTC with Z.
 */
import type { components, paths } from './openapi'
import type { AskState, Negotiation } from './events'

export type { ClientEvents, Member, ServerEvents, ToldBeat as Beat, ToldFact as Fact } from './events'

type Shape = components['schemas']

export type Moment = string
export type Face = Shape['Face']
export type Refusal = Shape['Refusal']
export type Language = TicketRow['language']

/** What every row of a snapshot has. */
export interface Row {
  id: string
  gone?: boolean
}
export type TicketRow = Shape['TicketRow']
export type TicketState = TicketRow['state']
export type WindowRow = Shape['WindowRow']
export type WindowState = WindowRow['state']
export type HourRow = Shape['HourRow']
export type KioskRow = Shape['KioskRow']
export type PaperRow = Shape['PaperRow']
export type PaperState = Shape['PaperState']
export type ReturnReason = Shape['ReturnReason']
export type CheckRow = Shape['CheckRow']
export type CheckId = Shape['CheckKey']
export type CheckResult = Shape['CheckResult']
export type PriorityGroup = Shape['PriorityGroup']

export type Material = Shape['MaterialView']
export type MatterView = Shape['MatterView']
/** A matter as the kiosk's guide shows it: with whether its office and this point are open. */
export type MatterGuide = Shape['MatterOffer']
export type MatterChoice = Shape['MatterBrief']
export type Region = Shape['RegionOffer']
export type Hours = Shape['HoursView']
export type Opening = Shape['OpeningView']
export type OutcomeKind = Shape['OutcomeKind']
export type OutcomeView = Shape['OutcomeView']
export type Applicant = Shape['ApplicantView']
export type RatingLevel = Shape['Level']
export type RatingReasons = Shape['Reasons']
export type JournalRow = Shape['JournalRow']
export type Staffing = Shape['Staffing']
export type StaffingHour = Staffing['hours'][number]

export interface Snapshot {
  subject: string
  version: number
  at: Moment
}
export type BoardSnapshot = Shape['BoardSnapshot']
export type PointSnapshot = Shape['PointSnapshot']
export type VisitSnapshot = Shape['VisitSnapshot']
export type Wait = Shape['Wait']
export type Why = Shape['Why']
export type OtherPoint = Shape['OtherPoint']
export type Slot = Shape['SlotView']
export type SlotDay = Shape['SlotDay']
export type Slots = Shape['Slots']

export interface IceServer {
  urls: string | string[]
  username?: string
  credential?: string
}
export type Device = Omit<Shape['Device'], 'iceServers'> & { iceServers: IceServer[] }
export type Me = Shape['Me']
export type WindowAnswer = Omit<Shape['WindowSeat'], 'iceServers'> & { iceServers: IceServer[] }

export type TransferTargets = Shape['TransferTargets']
export type TransferTo = Shape['TransferForm']

export type TakeTicket = Shape['TakeTicket']
export type RatingBody = Shape['RatingForm']
export type OutcomeBody = Shape['OutcomeForm']

// ---- socket ----------------------------------------------------------------
export type Ack<T = object> = ({ ok: true } & T) | ({ ok: false } & Refusal)
export type Connection = AskState['connection']
/** One piece of a negotiation, as a browser's own objects. */
export type SignalData = Negotiation

// ---- routes ----------------------------------------------------------------
type Verb = 'get' | 'post' | 'put' | 'delete'
type Path = keyof paths & `/api/${string}`
type Operation<V extends Verb, P extends Path> = paths[P] extends Record<V, infer Of> ? Of : never
type Name<V extends Verb, P extends Path> = Operation<V, P> extends object ? `${Uppercase<V>} ${P}` : never
type RouteName = { [P in Path]: { [V in Verb]: Name<V, P> }[Verb] }[Path]
type Of<R> = R extends `${infer Method} ${infer P extends Path}` ? Operation<Lowercase<Method> & Verb, P> : never

type Content<Answer> = Answer extends { content: infer Kinds } ? Kinds[keyof Kinds] : never
type Sent<O> = O extends { requestBody: { content: infer Kinds } }
  ? Kinds extends { 'application/json': infer Body } ? { body: Body } : { bytes: Blob }
  : object
type Asked<O> = O extends { parameters: { query?: infer Query } }
  ? [Query] extends [undefined] ? object : { query: NonNullable<Query> }
  : object
type Pictures<O> = O extends { responses: { 200: { content: { 'image/jpeg': unknown } } } } ? Blob : never
type Shown<O> = O extends { responses: { 200: infer Given } }
  ? [Pictures<O>] extends [never] ? Content<Given> : Blob
  : void
/** Fields whose exact form OpenAPI cannot say are said here. */
type Exact<T> = T extends Shape['Device'] ? Device : T extends Shape['WindowSeat'] ? WindowAnswer : T

/** Every route: what it is sent and what it answers. `bytes` means a raw body. */
export type Routes = { [R in RouteName]: Sent<Of<R>> & Asked<Of<R>> & { answer: Exact<Shown<Of<R>>> } }
