/** Who sits at this desk. Ends when the clerk says so, or when the house says so (`signed_out`). */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { Refused } from '@/wire/api'
import type { Me } from '@/wire/models'
import type { World } from '@/wire/world'

const AGAIN_MS = 3000
/** Whoever touches the page is there; the house is told so at most this often. */
const STAY_MS = 60_000

export function useSession({ api, line, clock }: World) {
  const me = shallowRef<Me | null>(null)
  /** false until the house has said whether somebody is signed in */
  const known = ref(false)
  /** why the last session ended, as the house named it */
  const ended = ref<string | null>(null)
  let stopAgain = () => {}
  let stayedAt = 0

  async function recall(): Promise<void> {
    try {
      begin(await api('GET /api/me'))
    } catch (why) {
      if (!(why instanceof Refused)) {
        stopAgain = clock.after(AGAIN_MS, () => void recall())
        return
      }
    }
    known.value = true
  }
  async function signIn(username: string, password: string): Promise<void> {
    begin(await api('POST /api/session', { body: { username, password } }))
  }
  async function signOut(): Promise<void> {
    await api('DELETE /api/session')
    end(null)
  }
  function begin(who: Me): void {
    me.value = who
    stayedAt = clock.now()
    ended.value = null
    // The line carries the cookie it was opened with: open it again as the one who just signed in.
    line.disconnect().connect()
  }
  function end(reason: string | null): void {
    me.value = null
    ended.value = reason
    line.disconnect()
  }
  const signedOut = ({ reason }: { reason: string }) => {
    if (me.value) end(reason)
  }

  /** Without this the house signs people out in the middle of a long look at a paper. */
  function touched(): void {
    if (!me.value || clock.now() - stayedAt < STAY_MS) return
    stayedAt = clock.now()
    void api('PUT /api/session').catch(() => {})
  }
  const TOUCHES = ['pointerdown', 'keydown'] as const

  line.on('signed_out', signedOut)
  for (const touch of TOUCHES) document.addEventListener(touch, touched)
  onScopeDispose(() => {
    line.off('signed_out', signedOut)
    for (const touch of TOUCHES) document.removeEventListener(touch, touched)
    stopAgain()
  })
  void recall()
  return { me, known, ended, signIn, signOut, end }
}

export type Session = ReturnType<typeof useSession>
