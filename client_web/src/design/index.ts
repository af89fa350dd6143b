/** The design system of all faces. */
import './base.css'

export { keepAppearance, useAppearance } from './appearance'
export { useChime } from './chime'
export { default as AskDialog } from './AskDialog.vue'
export { default as BusySpinner } from './BusySpinner.vue'
export { default as FaceHeader } from './FaceHeader.vue'
export { default as NoticeBox } from './NoticeBox.vue'
export { default as PanelCard } from './PanelCard.vue'
export { default as PlainButton } from './PlainButton.vue'
export { default as ProgressBar } from './ProgressBar.vue'
export { default as StateBadge } from './StateBadge.vue'
export { default as TextField } from './TextField.vue'
