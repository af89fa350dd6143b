/** Shared by all staff faces; kept under this name for the desk. */
export * from '@/people/useActs'
