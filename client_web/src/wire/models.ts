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
export type MatterChoice = Shape['MatterBrief']
export type Region = Shape['RegionView']
export type OutcomeKind = Shape['OutcomeKind']
export type OutcomeView = Shape['OutcomeView']
export type Applicant = Shape['ApplicantView']
export type RatingLevel = Shape['Level']
export type RatingReasons = Shape['Reasons']
export type JournalRow = Shape['JournalRow']

export interface Snapshot {
  subject: string
  version: number
  at: Moment
}
export type BoardSnapshot = Shape['BoardSnapshot']
export type PointSnapshot = Shape['PointSnapshot']
export type VisitSnapshot = Shape['VisitSnapshot']

export interface IceServer {
  urls: string | string[]
  username?: string
  credential?: string
}
<<<<<<< HEAD
export type Device = Omit<Shape['Device'], 'iceServers'> & { iceServers: IceServer[] }
export type Me = Shape['Me']
export type WindowAnswer = Omit<Shape['WindowSeat'], 'iceServers'> & { iceServers: IceServer[] }

export type TakeTicket = Shape['TakeTicket']
export type RatingBody = Shape['RatingForm']
export type OutcomeBody = Shape['OutcomeForm']
=======
export interface Device {
  kind: 'kiosk' | 'hall'
  id: string
  name: string
  point: { id: string; name: string; regionCode: string; regionName: string; address: string; phone: string }
  iceServers: IceServer[]
  holding: string | null
  called: TicketRow | null
  idleAskS: number
  idleWipeS: number
}
export interface Region {
  code: string
  name: string
  fullName: string
  parentName: string
  kind: string
}
export interface MatterChoice {
  id: string
  name: string
  officeName: string
  lineTitle: string
  records: boolean
  keywords: string[]
}
export interface Me {
  staffId: string
  name: string
  username: string
  roles: string[]
  face: Face
  office: { id: string; name: string; regionCode: string; regionName: string } | null
  point: { id: string; name: string; regionCode: string; regionName: string } | null
  regions: (string | RegionRef)[]
  lines: { id: string; title: string }[]
  idleMinutes: number
}
export interface WindowAnswer {
  window: WindowRow
  visit: VisitSnapshot | null
  iceServers: IceServer[]
}
export interface RatingReason {
  code: string
  zh: string
  en: string
}
export interface RatingLevel {
  level: number
  zh: string
  en: string
  codes: RatingReason[]
}
export interface RatingReasons {
  version: string
  levels: RatingLevel[]
}
export interface JournalRow {
  number: number
  at: Moment
  kind: string
  hash: string
  text: string
}

// ---- bodies ----------------------------------------------------------------
export interface TakeTicket {
  matterId: string
  name: string
  idNumber: string
  phone: string
  consent: { privacy: true; recording: boolean | null }
  language: Language
  elder: boolean
}
export interface RatingBody {
  level: number
  codes: string[]
  words: string
}
export interface OutcomeBody {
  kind: OutcomeKind
  homeNumber?: string
  reason?: string
  basis?: string
  words?: string
}

/** Every route: what it is sent and what it answers. `bytes` means a raw body. */
export interface Routes {
  'POST /api/session': { body: { username: string; password: string }; answer: Me }
  'DELETE /api/session': { answer: void }
  'PUT /api/session': { answer: void }
  'GET /api/me': { answer: Me }
  'POST /api/devices/enrol': { body: { code: string }; answer: Device }
  'GET /api/device': { answer: Device }
  'PUT /api/device/use': { body: { inUse: boolean }; answer: void }
  'GET /api/regions': { answer: Region[] }
  'GET /api/regions/{code}/matters': { answer: MatterChoice[] }
  'GET /api/matters/{id}': { answer: MatterView }
  'POST /api/tickets': { body: TakeTicket; answer: VisitSnapshot }
  'POST /api/tickets/resume': { body: { slip: string; lastFour: string }; answer: VisitSnapshot }
  'GET /api/tickets/{id}': { answer: VisitSnapshot }
  'POST /api/tickets/{id}/release': { answer: void }
  'POST /api/tickets/{id}/cancel': { answer: void }
  'POST /api/tickets/{id}/arrive': { answer: VisitSnapshot }
  'POST /api/tickets/{id}/help': { body: { wanted: boolean }; answer: void }
  'POST /api/tickets/{id}/help/answered': { answer: void }
  'POST /api/tickets/{id}/priority': { body: { group: string; evidence: true }; answer: void }
  'POST /api/tickets/{id}/papers': { query: { material: number }; bytes: Blob; answer: PaperRow }
  'GET /api/papers/{id}/pages/{n}': { answer: Blob }
  'POST /api/papers/{id}/accept': { answer: PaperRow }
  'POST /api/papers/{id}/return': { body: { code: string; words: string }; answer: PaperRow }
  'PUT /api/tickets/{id}/checks/{check}': { body: { result: CheckResult }; answer: CheckRow }
  'POST /api/tickets/{id}/outcome': { body: OutcomeBody; answer: VisitSnapshot }
  'POST /api/tickets/{id}/left': { answer: void }
  'POST /api/tickets/{id}/recall': { answer: void }
  'POST /api/tickets/{id}/missed': { answer: void }
  'POST /api/tickets/{id}/rating': { body: RatingBody; answer: void }
  'POST /api/tickets/{id}/done': { answer: void }
  'GET /api/ratings/reasons': { answer: RatingReasons }
  'POST /api/window/open': { answer: WindowRow }
  'POST /api/window/close': { answer: WindowRow }
  'POST /api/window/ready': { answer: WindowRow }
  'POST /api/window/next': { answer: VisitSnapshot }
  'POST /api/window/pause': { body: { reason: 'break' | 'meeting' | 'other' }; answer: WindowRow }
  'GET /api/window': { answer: WindowAnswer }
  'GET /api/boards': { answer: BoardSnapshot[] }
  'GET /api/boards/{office}': { answer: BoardSnapshot }
  'GET /api/points/{point}': { answer: PointSnapshot }
  'GET /api/journal/{stream}': { query: { after: number }; answer: JournalRow[] }
}
>>>>>>> wt-web

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
