// Made by `python -m tongban_signaling.typescript` from the vocabulary there; do not edit.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

export const SDP_BYTES = 32768
export const CANDIDATE_BYTES = 2048

/** I sit down in the call of this ticket; an older page of the same member gives way. */
export interface AskJoin {
  ticket: string
  peer: string
}

/** I leave the call of this ticket. */
export interface AskLeave {
  ticket: string
}

/** Pass this piece of the negotiation on to that member's page. */
export interface AskSignal {
  ticket: string
  to: Member
  toPeer: string
  data: Negotiation
}

/** This is how my microphone, my camera and my connection stand. */
export interface AskState {
  ticket: string
  microphone: boolean
  camera: boolean
  connection: 'new' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed'
}

/** Tell me no more about this subject. */
export interface AskUnwatch {
  subject: string
}

/** Tell me what happens to this subject from now on. */
export interface AskWatch {
  subject: string
}

/** One address at which a side may be reached; an empty line means that there are no more. */
export interface Candidate {
  candidate: string
  sdpMid?: string | null
  sdpMLineIndex?: number | null
  usernameFragment?: string | null
}

/** One side's whole session description. */
export interface Description {
  type: 'offer' | 'answer'
  sdp: string
}

/** It was done. */
export interface Done {
  ok: true
}

/** Who sits in a call; a member is one person, however many pages are open. */
export type Member = 'citizen' | 'clerk' | 'assistant'

/** Exactly one of a description and a candidate. */
export interface Negotiation {
  description?: Description | null
  candidate?: Candidate | null
}

/** Whether somebody is called today. */
export type Outlook = 'today' | 'perhaps_not_today' | 'not_today' | 'nobody_on_duty'

/** It was not done; `text` is for people, `code` and `kind` are for programs. */
export interface Refusal {
  ok: false
  code: string
  kind: 'not_found' | 'not_allowed' | 'not_now' | 'bad_input'
  text: string
  retryAfterS?: number | null
}

/** The page sits in the call as `member`; the polite side gives in when two offers meet. */
export interface Seated {
  ok: true
  member: Member
  polite: boolean
}

/** The line is alive, and these are the versions of what the page watches. */
export interface ToldBeat {
  at: string
  versions: Record<string, number>
}

/** This happened to a subject that the page watches; `version` is one more than the fact before. */
export interface ToldFact {
  subject: string
  version: number
  kind: string
  at: string
  shows: Record<string, Json>
}

/** This member sits in the call already. */
export interface ToldHere {
  ticket: string
  member: Member
  peer: string
}

/** A member sat down in the call with this peer. */
export interface ToldJoined {
  ticket: string
  member: Member
  peer: string
}

/** A member's page is gone from the call; when its line was lost, its media may go on and it may come back. */
export interface ToldLeft {
  ticket: string
  member: Member
  peer: string
  lost: boolean
}

/** So many tickets are before this one, and so long does it wait. */
export interface ToldPlace {
  ticket: string
  wait: Wait
}

/** A newer page of the same member took this page's seat, at `since` (ms of the epoch). */
export interface ToldReplaced {
  ticket: string
  peer: string
  since: number
}

/** A piece of the negotiation from another member. */
export interface ToldSignal {
  ticket: string
  from: Member
  fromPeer: string
  toPeer: string
  data: Negotiation
}

/** This page is signed out and its line is cut. */
export interface ToldSignedOut {
  reason: string
}

/** This is how another member's microphone, camera and connection stand. */
export interface ToldState {
  ticket: string
  member: Member
  peer: string
  microphone: boolean
  camera: boolean
  connection: 'new' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed'
}

/** How long a ticket waits, as a range in whole minutes; null where there is none to tell. */
export interface Wait {
  ahead: number | null
  fewerThan: number | null
  outlook: Outlook
  lowMin: number | null
  highMin: number | null
  atLeast: boolean
}

/** The page listens; `version` is the subject's version after it began to. */
export interface Watched {
  ok: true
  version: number
}

/** What a page hears. */
export interface ServerEvents {
  fact: (message: ToldFact) => void
  beat: (message: ToldBeat) => void
  place: (message: ToldPlace) => void
  'call.joined': (message: ToldJoined) => void
  'call.here': (message: ToldHere) => void
  'call.signal': (message: ToldSignal) => void
  'call.state': (message: ToldState) => void
  'call.left': (message: ToldLeft) => void
  'call.replaced': (message: ToldReplaced) => void
  signed_out: (message: ToldSignedOut) => void
}

/** What a page says, and how it is answered. */
export interface ClientEvents {
  watch: (message: AskWatch, answer: (ack: Watched | Refusal) => void) => void
  unwatch: (message: AskUnwatch, answer: (ack: Done | Refusal) => void) => void
  'call.join': (message: AskJoin, answer: (ack: Seated | Refusal) => void) => void
  'call.signal': (message: AskSignal, answer: (ack: Done | Refusal) => void) => void
  'call.state': (message: AskState, answer: (ack: Done | Refusal) => void) => void
  'call.leave': (message: AskLeave, answer: (ack: Done | Refusal) => void) => void
}
