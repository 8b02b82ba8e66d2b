// The browser inside a chat app: what it stores goes when the chat clears its cache, and it stops
// with the chat.

export type ChatApp = 'wecom' | 'wechat' | 'dingtalk' | 'feishu' | 'qq'

/** WeCom calls itself WeChat too, so it comes first. */
const MARKS: readonly (readonly [ChatApp, RegExp])[] = [
  ['wecom', /\bwxwork\//i],
  ['wechat', /\bMicroMessenger\//i],
  ['dingtalk', /\bDingTalk\//i],
  ['feishu', /\b(?:Lark|Feishu)\//i],
  // The browser of the same maker is called MQQBrowser.
  ['qq', /\bQQ\/\d/],
]

/** null: a browser of its own. */
export function chatApp(userAgent: string): ChatApp | null {
  return MARKS.find(([, mark]) => mark.test(userAgent))?.[0] ?? null
}

const CHOSEN = 'hushui-chat-browser'

/** Somebody read what it costs and works here all the same; for this opening of the page only. */
export const staysInChat = (): boolean => sessionStorage.getItem(CHOSEN) !== null

export const stayInChat = (): void => sessionStorage.setItem(CHOSEN, 'stays')
