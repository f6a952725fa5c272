// Run in a page by test_bare_hands.py: what can be used there, what Tab comes to, and what a reader without script has.
const USABLE = 'a[href], button, input, select, textarea, summary, [tabindex]'
const visible = each => each.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
const openAll = () => document.querySelectorAll('details').forEach(each => { each.open = true })
const named = each => each.outerHTML.slice(0, 160)

// All that the keyboard must reach; of a group of radios the one that Tab goes to.
window.usable = () => {
  openAll()
  return [...document.querySelectorAll(USABLE)].filter(each => {
    if (each.tabIndex < 0 || each.disabled || each.type === 'hidden' || !visible(each)) return false
    if (each.type !== 'radio') return true
    const group = [...(each.form || document).querySelectorAll(`input[type=radio][name="${each.name}"]`)]
    return each === (group.find(one => one.checked) || group.find(one => !one.disabled))
  })
}

// GOV.UK's radios and checkboxes draw their focus beside the input, on its label.
const looksFocused = each =>
  [each, ...(each.labels || [])].some(part => [null, '::before', '::after'].some(pseudo => {
    const style = getComputedStyle(part, pseudo)
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
  }))

// Notes each stop of the keyboard and what is wrong there; returns how many presses of Tab that is.
window.watch = () => {
  window.stops = new Map()
  document.addEventListener('focusin', ({ target }) => {
    const box = target.getBoundingClientRect()
    const seen = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10))
    const faults = []
    if (!looksFocused(target)) faults.push('does not look focused')
    if (box.bottom <= 0 || box.top >= innerHeight) faults.push('is out of sight')
    else if (seen && !seen.contains(target) && !target.contains(seen) && !seen.closest('label'))
      faults.push(`is covered by ${named(seen)}`)
    window.stops.set(target, faults)
  })
  // A date is several stops: day, month, year and the calendar.
  return window.usable().reduce((stops, each) => stops + (each.type === 'date' ? 4 : 1), 0)
}

window.faults = () => [
  ...window.usable().filter(each => !window.stops.has(each)).map(each => `Tab does not reach ${named(each)}`),
  ...[...window.stops].flatMap(([each, faults]) => faults.map(fault => `${fault}: ${named(each)}`)),
]

// What a page offers: its text, its links, its fields and what can be sent. Taken out is what only a script could use: a
// button that sends nothing, letters counted down while somebody types, a drop zone around a field of a file. A link that
// is signed says the second in which it was: two looks at a page may come in two.
const unsigned = href => href.replace(/:[0-9A-Za-z]{6}:[\w-]{27,}/g, ':signed')
window.offers = () => {
  openAll()
  document.querySelectorAll('button[type=button], [class*=govuk-character-count__]').forEach(each => { each.remove() })
  const all = selector => [...document.querySelectorAll(selector)].filter(visible)
  return [...new Set([
    ...all('a[href]').map(each => `link ${unsigned(each.getAttribute('href'))}`),
    ...all('input:not([type=hidden]), select, textarea').map(each => `field ${each.name} ${each.type}`),
    ...all('button').map(each => `button ${each.name} ${each.innerText}`),
    ...document.querySelector('main').innerText.split('\n').map(line => `says ${line.trim()}`),
  ])]
}

// A button that can do nothing without script.
window.dead = () => [...document.querySelectorAll('button, [role=button]:not(a)')]
  .filter(each => visible(each) && (each.type === 'button' || !each.form)).map(each => `does nothing: ${named(each)}`)
