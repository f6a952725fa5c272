// How strong a new password is, while it is typed. Length is what counts (NCSC); what is common only the server knows.
const ENOUGH = 12
const STRONG = 16
const VARIED = 6 // different characters

const judge = password => {
  if (password.length < ENOUGH) return ['too short', `Too short: at least ${ENOUGH} characters`]
  if (new Set(password).size < VARIED) return ['repeated', 'Easy to guess: it repeats itself']
  if (password.length < STRONG) return ['enough', 'Long enough. Another word would make it stronger']
  return ['strong', 'Strong, if it is not a common phrase']
}

for (const field of document.querySelectorAll('input[autocomplete=new-password][name$="1"]')) {
  const meter = document.createElement('meter')
  const words = document.createElement('span')
  const line = document.createElement('p')
  Object.assign(meter, { max: STRONG + 4, low: ENOUGH, high: STRONG, optimum: STRONG + 4 })
  meter.className = 'wscb-strength'
  meter.setAttribute('aria-hidden', 'true') // the words say it
  words.setAttribute('role', 'status')
  line.className = 'govuk-hint wscb-strength-line'
  line.hidden = true
  line.append(meter, words)
  ;(field.closest('.govuk-input__wrapper') || field).after(line)
  let said = ''
  field.addEventListener('input', () => {
    const [kind, sentence] = judge(field.value)
    line.hidden = !field.value
    meter.value = kind === 'repeated' ? VARIED : field.value.length
    if (kind !== said) words.textContent = sentence // told again only when it changes
    said = kind
  })
}
