// Which phone, in words: 安卓手机 9a51. The office's own browsers have no label.

import { useApp } from '../../app.ts'
import { useDeskWords } from './deskWords.ts'

export function usePhones() {
  const { t } = useDeskWords()
  const devices = useApp().records.list('device')

  return (id: string): string => {
    const device = devices.value.find((it) => it.id === id)
    const label = device?.fields.label || (device ? t('office.devices.browser') : '')
    return [label, id.slice(-4)].filter(Boolean).join(' ')
  }
}
