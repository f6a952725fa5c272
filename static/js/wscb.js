// Better with JavaScript, whole without it: each component works as plain HTML until this file has run.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from 'govuk-frontend/dist/govuk/all.mjs'

import './prepared.js'
import './register.js'
import './autosave.js'
import './keys.js'
import './strength.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

createAll(Button, { preventDoubleClick: true })
for (const component of [
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
]) {
  createAll(component)
}

// The filter stands open beside its list where there is room, and closed above it on a phone.
const wide = window.matchMedia('(min-width: 60em)')
for (const filter of document.querySelectorAll('details.wscb-filter:not(.wscb-filter--bar)')) {
  filter.open = filter.open || wide.matches
}

// "Print this page" is of no use without a printer dialog, so the button comes with the script.
for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
