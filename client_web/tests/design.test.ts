import { mount } from '@vue/test-utils'
import { nextTick } from 'vue'
import { expect, test } from 'vitest'
import { PlainButton, TextField, useAppearance } from '@/design'

test('a field ties its name, hint and error to the input', () => {
  const field = mount(TextField, { props: { label: 'Name', hint: 'as on the card', error: 'too short', modelValue: '' } })
  const input = field.get('input')

  expect(field.get('label').attributes('for')).toBe(input.attributes('id'))
  expect(input.attributes('aria-invalid')).toBe('true')
  for (const id of input.attributes('aria-describedby')!.split(' ')) expect(field.find(`#${id}`).exists()).toBe(true)
})
test('a busy button cannot be pressed twice', () => {
  const button = mount(PlainButton, { props: { busy: true }, slots: { default: 'Go' } })

  expect(button.attributes()).toMatchObject({ disabled: '', 'aria-busy': 'true' })
})
test('elder mode is one attribute on the page', async () => {
  const { elder } = useAppearance()
  elder.value = true
  await nextTick()
  expect(document.documentElement.hasAttribute('data-elder')).toBe(true)
  elder.value = false
  expect(document.documentElement.hasAttribute('data-elder')).toBe(false)
})
