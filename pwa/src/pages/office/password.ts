// What can be said of a new password before the server looks at it.

/** As `LENGTH` of server/hushui/actions/accounts.py. */
export const PASSWORD_LENGTH = 8

export function newPasswordFault(password: string, again: string): 'short' | 'differ' | null {
  if ([...password].length < PASSWORD_LENGTH) return 'short'
  return password === again ? null : 'differ'
}
