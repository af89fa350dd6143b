/** All screens behind the welcome: fetched right after it has been drawn, so that it is there at once. */
import type { Component } from 'vue'
import { addWords } from '@/words'
import words from '@/words/zh-CN/kiosk.json'
import type { Screen } from '../journey'
import CallScreen from './CallScreen.vue'
import CalledScreen from './CalledScreen.vue'
import CheckScreen from './CheckScreen.vue'
import ConsentScreen from './ConsentScreen.vue'
import InterruptedScreen from './InterruptedScreen.vue'
import MatterScreen from './MatterScreen.vue'
import MissedScreen from './MissedScreen.vue'
import NeedsScreen from './NeedsScreen.vue'
import OverScreen from './OverScreen.vue'
import ParkedScreen from './ParkedScreen.vue'
import RatingScreen from './RatingScreen.vue'
import RegionScreen from './RegionScreen.vue'
import ResultScreen from './ResultScreen.vue'
import ResumeScreen from './ResumeScreen.vue'
import ThanksScreen from './ThanksScreen.vue'
import TicketScreen from './TicketScreen.vue'
import WhoScreen from './WhoScreen.vue'

export { useCall } from '@/call/useCall'
addWords('kiosk', words, () => import('@/words/en/kiosk.json'))

export const STEP_SCREENS: Partial<Record<Screen, Component>> = {
  resume: ResumeScreen, region: RegionScreen, matter: MatterScreen, needs: NeedsScreen, consent: ConsentScreen,
  who: WhoScreen, check: CheckScreen, ticket: TicketScreen, called: CalledScreen, call: CallScreen,
  result: ResultScreen, rating: RatingScreen, thanks: ThanksScreen, over: OverScreen,
  parked: ParkedScreen, interrupted: InterruptedScreen, missed: MissedScreen,
}
