// A name of the platform that the core needs: every browser and every node has it.

declare const btoa: (bytes: string) => string

export const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
