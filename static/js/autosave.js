// What is typed into a long form is kept as it is typed, so that a phone that goes to sleep loses nothing.
const QUIET = 1200 // milliseconds without typing

for (const form of document.querySelectorAll('form[data-autosave]')) {
  const status = form.querySelector('[data-autosave-status]')
  let timer = null
  const keep = async () => {
    const body = new FormData(form)
    body.append('later', 'yes')
    try {
      const answer = await fetch(location.pathname, { method: 'POST', body, headers: { 'X-Autosave': 'yes' } })
      if (answer.status === 204) status.textContent = 'Kept. You can come back to it.'
    } catch {
      status.textContent = 'No connection: not kept yet.'
    }
  }
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(keep, QUIET)
  })
  form.addEventListener('submit', () => clearTimeout(timer))
}
