import { expect, test } from 'vitest'
import { dayAndTime, elapsed, hourMinute } from '@/wire/time'

test('moments are told in the hall’s time zone', () => {
  expect(hourMinute('2026-11-22T16:05:00Z')).toBe('00:05')
  expect(dayAndTime('2026-11-22T16:05:00Z')).toBe('2026年11月23日 00:05')
})
test('elapsed time never runs below zero', () => {
  expect(elapsed(0, 65_000)).toBe('1:05')
  expect(elapsed(0, 3_725_000)).toBe('1:02:05')
  expect(elapsed(9_000, 0)).toBe('0:00')
})
