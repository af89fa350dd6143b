/** What the supervisor's page shows, as it stands in its address: `#pinghu-estate/staffing`. Pure. */
export type Part = 'queue' | 'staffing'
export interface View {
  /** null: the wall */
  office: string | null
  part: Part
}

export function readView(hash: string): View {
  const [office = '', part] = hash.replace(/^#/, '').split('/')
  return { office: office ? decodeURIComponent(office) : null, part: part === 'staffing' ? 'staffing' : 'queue' }
}
export function address(office: string, part: Part = 'queue'): string {
  return `#${encodeURIComponent(office)}${part === 'queue' ? '' : `/${part}`}`
}
export const WALL = '#'
