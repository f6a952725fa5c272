// Django's look-up fields (Select2), dates, times and the ticks that delete a row come without a name that a screen reader
// can say: they get that of their label, legend, column or row.
const nameOf = field => {
  const named = field.labels?.[0] || field.closest('fieldset.flex-container')?.querySelector('legend')
    || field.closest('td')?.closest('table').querySelector(`th.column-${field.name.replace(/_[01]$/, '').split('-').pop()}`)
  return named ? named.innerText.replace(':', '').trim() : ''
}
const say = (field, words) => field.setAttribute('aria-label', words)

const nameFields = () => {
  for (const container of document.querySelectorAll('.select2-container')) {
    // The list that falls down stands by itself, at the end of the page.
    const own = container.previousElementSibling?.matches('select')
    const beside = own ? container : document.querySelector('select + .select2-container--open')
    const name = beside ? nameOf(beside.previousElementSibling) : ''
    for (const field of container.querySelectorAll('[role=combobox], [role=textbox]')) {
      field.removeAttribute('aria-labelledby') // what is chosen, which is nothing at first
      say(field, `${name}: ${(field.title || field.querySelector('[title]')?.title) || 'nothing chosen'}`)
    }
    container.querySelectorAll('input[type=search]').forEach(field => say(field, `Search ${name}`))
    // For the mouse alone, and no member of the list that it stands in.
    container.querySelectorAll('.select2-selection__clear').forEach(cross => cross.setAttribute('aria-hidden', 'true'))
  }
  for (const [kind, words] of [['vDateField', 'date'], ['vTimeField', 'time']]) {
    document.querySelectorAll(`input.${kind}[name$=_0], input.${kind}[name$=_1]`)
      .forEach(field => say(field, `${nameOf(field)}, ${words}`))
  }
  for (const field of document.querySelectorAll('td.delete input[type=checkbox]')) {
    say(field, `Delete ${field.closest('tr').querySelector('.original p')?.innerText.trim() || 'this row'}`)
  }
}

// They are drawn after this has run, and anew with each choice and each row that is added.
new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true, attributeFilter: ['class'] })
nameFields()
