/** The screens of an appointment: fetched last, few come for one. */
import type { Component } from 'vue'
import type { Screen } from '../journey'
import BookedScreen from './BookedScreen.vue'
import SlotScreen from './SlotScreen.vue'

export const BOOKING_SCREENS: Partial<Record<Screen, Component>> = { slot: SlotScreen, booked: BookedScreen }
