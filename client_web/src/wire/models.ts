/**
 * Everything that crosses the wire, in one place. Written by hand until the server's
 * OpenAPI paper generates it; nobody else in src/ declares a wire type.
 * Moments are ISO-8601 UTC with Z.
 */
export type Moment = string
export type Language = 'zh-CN' | 'en'
export type Face = 'kiosk' | 'hall' | 'clerk' | 'assistant' | 'supervisor' | 'auditor' | 'admin'
export type Member = 'citizen' | 'clerk' | 'assistant'

export type RefusalKind = 'bad_input' | 'not_signed_in' | 'not_allowed' | 'not_found' | 'not_now' | string
export interface Refusal {
  code: string
  kind: RefusalKind
  text: string
  fields?: Record<string, string>
  retryAfterS?: number
}

// ---- rows ------------------------------------------------------------------
export interface Row {
  id: string
  gone?: boolean
}
export interface RegionRef {
  code: string
  name: string
}
export type TicketState = 'booked' | 'waiting' | 'calling' | 'connected' | 'ended' | 'rated' | 'missed' | 'cancelled' | 'abandoned'
export interface TicketRow extends Row {
  number: string
  state: TicketState
  lane: 'priority' | 'ordinary'
  since: Moment
  takenAt: Moment
  calledAt: Moment | null
  connectedAt: Moment | null
  endedAt: Moment | null
  calls: number
  officeId: string
  lineId: string
  lineTitle: string
  matterId: string
  matterName: string
  hostRegionName: string
  sourceRegionName: string
  pointId: string
  pointName: string
  kioskId: string | null
  kioskName: string | null
  windowId: string | null
  windowName: string | null
  language: Language
  elder: boolean
  help: boolean
  priority: string | null
  recorded: boolean
}
export type WindowState = 'offline' | 'idle' | 'ringing' | 'busy' | 'wrap_up' | 'paused'
export interface WindowRow extends Row {
  name: string
  staffName: string | null
  state: WindowState
  since: Moment
  pauseReason: string | null
  ticketId: string | null
  ticketNumber: string | null
  lines: string[]
}
export interface HourRow extends Row {
  taken: number
  connected: number
  served: number
  missed: number
  abandoned: number
  cancelled: number
  /** counts of levels 1..5 */
  ratings: number[]
  /** sum of the waits of the connected, seconds */
  waitS: number
}
export interface KioskRow extends Row {
  name: string
  state: 'free' | 'in_use' | 'holding' | 'reserved' | 'away'
  ticketNumber: string | null
}
export type PaperState = 'submitted' | 'accepted' | 'returned' | 'replaced'
export interface PaperRow extends Row {
  materialNo: number
  /** n-th submission for that material, from 1 */
  turn: number
  kind: 'pdf' | 'jpeg' | 'png'
  bytes: number
  sha256: string
  pages: number
  state: PaperState
  reasonCode: string | null
  reasonWords: string | null
  by: 'citizen' | 'assistant'
  at: Moment
}
export type CheckId = 'notice' | 'document' | 'spoken' | 'face' | 'will' | 'agent'
export type CheckResult = 'yes' | 'no' | 'not_applicable'
export interface CheckRow extends Row {
  id: CheckId
  title: string
  result: CheckResult | null
  at: Moment | null
}

// ---- views -----------------------------------------------------------------
export interface Material {
  no: number
  name: string
  necessity: 'required' | 'optional' | 'later'
  source: 'applicant' | 'government' | 'intermediary' | 'other'
  form: string | null
  originals: number
  copies: number
  waivable: boolean
  note: string | null
}
export interface MatterView {
  id: string
  name: string
  regionCode: string
  regionName: string
  officeName: string
  promiseDays: number | null
  statutoryDays: number | null
  fee: string
  hours: string
  place: string
  phone: string
  projectType: string
  identityLevel: string
  records: boolean
  validFrom: string
  version: number | string
  materials: Material[]
  conditions: string[]
  notice: string | null
}
export type OutcomeKind = 'accepted' | 'not_accepted' | 'correction_needed' | 'consultation_only'
export interface OutcomeView {
  kind: OutcomeKind
  receiptNo: string
  homeNumber: string | null
  reason: string | null
  basis: string | null
  words: string | null
  at: Moment
  clerk: string
}
export interface RatingView {
  id: string
  level: number
  at: Moment
}
export interface Applicant {
  name: string
  idNumber: string
  phone: string
}

// ---- snapshots -------------------------------------------------------------
export interface Snapshot {
  subject: string
  version: number
  at: Moment
}
export interface BoardSnapshot extends Snapshot {
  office: { id: string; name: string; regionCode: string; regionName: string }
  tickets: TicketRow[]
  windows: WindowRow[]
  hours: HourRow[]
}
export interface PointSnapshot extends Snapshot {
  point: { id: string; name: string; regionName: string; phone: string }
  tickets: TicketRow[]
  kiosks: KioskRow[]
}
export interface VisitSnapshot extends Snapshot {
  ticket: TicketRow
  you: 'citizen' | 'clerk' | 'assistant' | 'supervisor'
  slip: string | null
  ahead: number | null
  applicant: Applicant
  matter: MatterView
  papers: PaperRow[]
  checks: CheckRow[]
  outcome: OutcomeView | null
  rating: RatingView | null
}

// ---- facts -----------------------------------------------------------------
export interface Fact {
  subject: string
  version: number
  kind: string
  at: Moment
  shows: Record<string, unknown>
}
export interface Beat {
  at: Moment
  versions: Record<string, number>
}

// ---- devices, staff --------------------------------------------------------
export interface IceServer {
  urls: string | string[]
  username?: string
  credential?: string
}
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
  'GET /api/me': { answer: Me }
  'POST /api/devices/enrol': { body: { code: string }; answer: Device }
  'GET /api/device': { answer: Device }
  'POST /api/device/forget': { answer: void }
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

// ---- socket ----------------------------------------------------------------
export type Ack<T = object> = ({ ok: true } & T) | ({ ok: false } & Refusal)
export type Connection = 'new' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed'
export interface SignalData {
  description?: RTCSessionDescriptionInit
  candidate?: RTCIceCandidateInit | null
}
export interface ServerEvents {
  fact: (fact: Fact) => void
  beat: (beat: Beat) => void
  place: (place: { ticket: string; ahead: number }) => void
  'call.joined': (at: { ticket: string; member: Member; peer: string }) => void
  'call.here': (at: { ticket: string; member: Member; peer: string }) => void
  'call.signal': (signal: { ticket: string; from: Member; fromPeer: string; toPeer: string; data: SignalData }) => void
  'call.state': (state: { ticket: string; member: Member; peer: string; microphone: boolean; camera: boolean; connection: Connection }) => void
  'call.left': (at: { ticket: string; member: Member; peer: string }) => void
  'call.replaced': (at: { ticket: string; peer: string }) => void
  signed_out: (why: { reason: string }) => void
}
export interface ClientEvents {
  watch: (body: { subject: string }, ack: (answer: Ack<{ version: number }>) => void) => void
  unwatch: (body: { subject: string }, ack: (answer: Ack) => void) => void
  'call.join': (body: { ticket: string; peer: string }, ack: (answer: Ack) => void) => void
  'call.signal': (body: { ticket: string; to: Member; toPeer: string; data: SignalData }, ack: (answer: Ack) => void) => void
  'call.state': (body: { ticket: string; microphone: boolean; camera: boolean; connection: Connection }, ack: (answer: Ack) => void) => void
  'call.leave': (body: { ticket: string }, ack: (answer: Ack) => void) => void
}
