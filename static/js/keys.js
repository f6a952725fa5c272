// Keys (WebAuthn) are read by allauth's own script; their buttons come with this one, where the browser can.
for (const button of document.querySelectorAll('[data-needs-key]')) {
  button.hidden = !window.PublicKeyCredential
}
document.addEventListener('allauth.error', event => {
  const words = document.querySelector('[data-key-failed]')
  if (!words) return
  event.preventDefault()
  words.hidden = false
})
