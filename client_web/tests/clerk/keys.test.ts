import { effectScope } from 'vue'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chordOf, useKeys } from '@/clerk/useKeys'

let heard: string[] = []
let scope = effectScope()
beforeEach(() => {
  heard = []
  document.body.innerHTML = '<input id="text"><input id="radio" type="radio"><textarea></textarea><dialog><button id="in"></button></dialog>'
  scope = effectScope()
  scope.run(() => useKeys(['F2', 'Alt+A', '?'].map((keys) => ({ id: keys, keys, run: () => heard.push(keys) }))))
})
afterEach(() => scope.stop())

function press(init: KeyboardEventInit, on: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })
  on.dispatchEvent(event)
  return event
}

test('function keys, chords and the question mark are heard and taken from the browser', () => {
  const event = press({ key: 'F2', code: 'F2' })
  press({ key: 'å', code: 'KeyA', altKey: true })
  press({ key: '?', code: 'Slash', shiftKey: true })

  expect(heard).toEqual(['F2', 'Alt+A', '?'])
  expect(event.defaultPrevented).toBe(true)
})
test('nothing is heard while somebody types, composes, or answers a dialog', () => {
  press({ key: '?', code: 'Slash' }, document.querySelector('#text')!)
  press({ key: 'F2', code: 'F2' }, document.querySelector('textarea')!)
  press({ key: 'F2', code: 'F2' }, document.querySelector('#in')!)
  press({ key: 'F2', code: 'F2', isComposing: true })

  expect(heard).toEqual([])
})
test('a chosen radio button is no typing, a held key is one press, Ctrl is the browser’s', () => {
  press({ key: 'F2', code: 'F2' }, document.querySelector('#radio')!)
  press({ key: 'F2', code: 'F2', repeat: true })
  press({ key: 'a', code: 'KeyA', altKey: true, ctrlKey: true })

  expect(heard).toEqual(['F2'])
})
test('a chord is named by the key’s place, whatever the layout makes of it', () => {
  expect(chordOf(new KeyboardEvent('keydown', { key: '¡', code: 'Digit1', altKey: true }))).toBe('Alt+1')
})
test('after its scope the desk is deaf', () => {
  scope.stop()
  press({ key: 'F2', code: 'F2' })

  expect(heard).toEqual([])
})
