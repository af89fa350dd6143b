/** Shared with the assistant; kept under this name for the kiosk. */
export * from '@/papers/usePapers'
