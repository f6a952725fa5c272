// The register in the room: each mark is sent as it is made, kept on the tablet while there is no connection, and sent
// when it is back. Without this script the page is one form with a button.
const AGAIN = 4000 // milliseconds

function begin(form) {
  const key = `register/${form.dataset.register}`
  const status = form.querySelector('[data-register-status]')
  const conflicts = form.querySelector('[data-register-conflicts]')
  let waiting = JSON.parse(localStorage.getItem(key) || '{}')
  let sending = false
  let timer = null

  const field = (name) => form.elements[name]
  const size = () => Object.keys(waiting).length

  function keep() {
    if (size()) localStorage.setItem(key, JSON.stringify(waiting))
    else localStorage.removeItem(key)
  }

  function show(booking, mark) {
    for (const radio of form.querySelectorAll(`[name="mark-${booking}"]`)) radio.checked = radio.value === mark
  }

  function tell(words) {
    if (status.textContent !== words) status.textContent = words
  }

  function later(words) {
    tell(words)
    clearTimeout(timer)
    timer = setTimeout(send, AGAIN)
  }

  function note(booking, mark) {
    // What this tablet saw before its first unsent change is what the server compares with.
    const seen = waiting[booking] ? waiting[booking].seen : field(`seen-${booking}`).value
    waiting[booking] = { mark, seen }
    keep()
  }

  async function send() {
    if (sending || !size()) return
    sending = true
    const sent = { ...waiting }
    const body = new FormData()
    body.append('csrfmiddlewaretoken', field('csrfmiddlewaretoken').value)
    for (const [booking, { mark, seen }] of Object.entries(sent)) {
      body.append(`mark-${booking}`, mark)
      body.append(`seen-${booking}`, seen)
    }
    try {
      const answer = await fetch(location.pathname, { method: 'POST', body, headers: { Accept: 'application/json' } })
      if (answer.redirected || answer.status === 403) {
        later(`You are signed out. ${words(size())} kept on this device: sign in again in another tab.`)
      } else if (!answer.ok) {
        later(`Not saved yet: ${words(size())} waiting.`)
      } else {
        take(await answer.json(), sent)
      }
    } catch {
      later(`No connection. ${words(size())} kept on this device until it is back.`)
    }
    sending = false
    if (size() && !timer) send()
  }

  function words(number) {
    return number === 1 ? '1 mark is' : `${number} marks are`
  }

  function take(answer, sent) {
    clearTimeout(timer)
    timer = null
    for (const [booking, { mark }] of Object.entries(sent)) {
      const stands = answer.marks[booking] || ''
      if (waiting[booking] && waiting[booking].mark !== mark) waiting[booking].seen = stands
      else delete waiting[booking]
    }
    keep()
    for (const [booking, mark] of Object.entries(answer.marks)) {
      const seen = field(`seen-${booking}`)
      if (!seen) continue
      seen.value = mark
      if (!waiting[booking]) show(booking, mark)
    }
    for (const { person, words: mark, by } of answer.conflicts) {
      const line = document.createElement('p')
      line.className = 'govuk-inset-text wscb-inset--notice'
      line.textContent = `${person}: ${by} marked meanwhile “${mark}”, and that stands. Choose again if it is wrong.`
      conflicts.append(line)
    }
    const { present, marked, of } = answer.counts
    form.querySelector('[data-register-count]').textContent = `${present} present, ${marked} of ${of} marked`
    tell(answer.refusal || (size() ? '' : 'All saved.'))
  }

  form.addEventListener('change', (event) => {
    const person = event.target.closest('[data-booking]')
    if (!person) return
    note(person.dataset.booking, event.target.value)
    send()
  })

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (event.submitter && event.submitter.name === 'all_present') {
      for (const person of form.querySelectorAll('[data-booking]')) {
        if (person.querySelector('input:checked')) continue
        show(person.dataset.booking, 'attended')
        note(person.dataset.booking, 'attended')
      }
    }
    if (size()) send()
    else tell('All saved.')
  })

  window.addEventListener('online', send)
  for (const [booking, { mark }] of Object.entries(waiting)) {
    if (field(`seen-${booking}`)) show(booking, mark)
    else delete waiting[booking]
  }
  keep()
  send()
}

// Marks that were kept on this device wait until their page is open again: every page of the registers says so.
function remind(place) {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith('register/'))
  for (const key of keys) {
    const [, reference, session] = key.split('/')
    if (place.dataset.registerUnsent && place.dataset.registerUnsent !== reference) continue
    const number = Object.keys(JSON.parse(localStorage.getItem(key) || '{}')).length
    if (!number) continue
    const link = document.createElement('a')
    link.className = 'govuk-link'
    link.href = `/register/${reference}/session/${session}/`
    link.textContent = `Open session ${session} of ${reference} to send ${number === 1 ? 'it' : 'them'}`
    const line = document.createElement('p')
    line.className = 'govuk-inset-text wscb-inset--notice'
    line.append(`${number === 1 ? '1 mark is' : `${number} marks are`} kept on this device and not sent yet. `, link, '.')
    place.append(line)
  }
}

document.querySelectorAll('form[data-register]:not([data-closed])').forEach(begin)
document.querySelectorAll('[data-register-unsent]').forEach(remind)

for (const page of document.querySelectorAll('[data-reload]')) {
  setTimeout(() => location.reload(), Number(page.dataset.reload) * 1000)
}
