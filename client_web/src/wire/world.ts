/** What a face lives in: HTTP, the live line and the clock, made once at its door and handed down. */
import { inject, type App, type InjectionKey, type MaybeRefOrGetter } from 'vue'
import { languageNow } from '@/words'
import { makeApi, type Api } from './api'
import { pause, wallClock, type Clock } from './clock'
import type { BoardSnapshot, Face, PointSnapshot, Snapshot, VisitSnapshot } from './models'
import { openLine, type Line } from './socket'
import { useSubject, type Watched } from './subject'

export interface World {
  face: Face
  api: Api
  line: Line
  clock: Clock
}

const KEY: InjectionKey<World> = Symbol('world')

/** A fresh key for an act; pages on plain http in a hall network have no randomUUID. */
export function freshKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** The real world of a face in a browser. */
export function openWorld(face: Face): World {
  const api = makeApi(face, {
    fetch: (input, init) => fetch(input, init),
    pause: (ms) => pause(wallClock, ms),
    key: freshKey,
    language: languageNow,
    random: Math.random,
  })
  return { face, api, line: openLine(face), clock: wallClock }
}

export function installWorld(app: App, world: World): void {
  app.provide(KEY, world)
}

/** The world this component lives in. */
export function useWorld(): World {
  const world = inject(KEY)
  if (!world) throw new Error('no world was installed')
  return world
}

function watchSubject<S extends Snapshot>(world: World, subject: MaybeRefOrGetter<string | null>, fetch: (id: string) => Promise<S>): Watched<S> {
  return useSubject<S>(subject, { line: world.line, clock: world.clock, fetch: (name) => fetch(name.slice(name.indexOf(':') + 1)) })
}

/** Watch `ticket:{id}`. */
export function useVisit(world: World, subject: MaybeRefOrGetter<string | null>): Watched<VisitSnapshot> {
  return watchSubject(world, subject, (id) => world.api('GET /api/tickets/{id}', { path: { id } }))
}
/** Watch `board:{officeId}`. */
export function useBoard(world: World, subject: MaybeRefOrGetter<string | null>): Watched<BoardSnapshot> {
  return watchSubject(world, subject, (id) => world.api('GET /api/boards/{office}', { path: { office: id } }))
}
/** Watch `point:{pointId}`. */
export function usePoint(world: World, subject: MaybeRefOrGetter<string | null>): Watched<PointSnapshot> {
  return watchSubject(world, subject, (id) => world.api('GET /api/points/{point}', { path: { point: id } }))
}
