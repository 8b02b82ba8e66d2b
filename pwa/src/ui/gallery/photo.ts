/** Stand-ins for photographs. */
function drawing(body: string): string {
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice">${body}</svg>`,
  )}`
}

export const before = drawing(
  '<rect width="400" height="300" fill="#a9c6d8"/><path d="M0 110q120-30 200-18t200-12V300H0z" fill="#7f9466"/><path d="M170 108h60l150 192H20z" fill="#8f8b78"/><path d="M186 108h28l70 192H116z" fill="#6b5a3f"/>',
)
export const after = drawing(
  '<rect width="400" height="300" fill="#a9c6d8"/><path d="M0 110q120-30 200-18t200-12V300H0z" fill="#7f9466"/><path d="M170 108h60l150 192H20z" fill="#b9b4a6"/><path d="M186 108h28l70 192H116z" fill="#7fb0c0"/>',
)
export const bridge = drawing(
  '<rect width="400" height="300" fill="#8b98a0"/><rect y="84" width="400" height="22" fill="#b9b2a5"/><path d="M8 172V132a26 26 0 0 1 52 0V172zM74 172V132a26 26 0 0 1 52 0V172zM140 172V132a26 26 0 0 1 52 0V172zM206 172V132a26 26 0 0 1 52 0V172zM272 172V132a26 26 0 0 1 52 0V172z" fill="#3d4a52"/><path d="M0 176q100-8 200 0t200-2V300H0z" fill="#7a6d55"/><path d="M400 150L236 190 214 300H400z" fill="#9a958a"/><path d="M226 236l34-14 28 10 20 24-8 30-46 14h-40z" fill="#3a2f23"/>',
)
export const staff = drawing(
  '<rect width="400" height="300" fill="#a39c8f"/><rect y="190" width="400" height="110" fill="#6d8086"/><rect x="150" y="12" width="100" height="190" fill="#fff"/><path d="M160 20h80v16h-60v14h60v14h-60v14h60v14h-80zM240 100h-80v14h60v14h-60v14h60v14h-60v14h80z" fill="#0a4f86"/>',
)
