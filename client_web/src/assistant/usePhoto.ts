/** A still by this device's camera: the one on its back first (a paper lies in front of a tablet), no microphone. */
import { onScopeDispose, ref, shallowRef } from 'vue'

export function usePhoto(media: MediaDevices | undefined = navigator.mediaDevices) {
  const stream = shallowRef<MediaStream | null>(null)
  const failed = ref(false)
  const shot = shallowRef<{ blob: Blob; address: string } | null>(null)
  let gone = false

  const stop = (from: MediaStream | null) => from?.getTracks().forEach((track) => track.stop())
  async function open(): Promise<void> {
    try {
      // Absent on an insecure origin.
      const opened = await media!.getUserMedia({ video: { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1080 } } })
      if (gone) stop(opened)
      else stream.value = opened
    } catch {
      failed.value = true
    }
  }
  function again(): void {
    if (shot.value) URL.revokeObjectURL(shot.value.address)
    shot.value = null
  }
  function take(video: HTMLVideoElement | null): void {
    if (!video?.videoWidth) return
    const canvas = document.createElement('canvas')
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    canvas.toBlob((blob) => blob && (shot.value = { blob, address: URL.createObjectURL(blob) }), 'image/jpeg', 0.92)
  }
  onScopeDispose(() => {
    gone = true
    again()
    stop(stream.value)
  })
  void open()
  return { stream, failed, shot, take, again }
}
