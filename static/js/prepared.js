// The page of a document that is being made looks again by itself until it is ready.
const OPEN = ['waiting', 'making']
const EVERY = 1500 // milliseconds

async function lookAgain(box) {
  try {
    const answer = await fetch(location.href, { credentials: 'same-origin' })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = page.querySelector('[data-prepared]')
    if (!fresh) return location.reload() // what we waited for is this page itself
    if (fresh.innerHTML !== box.innerHTML) {
      // Every step read aloud would be a nuisance; that it is ready is not.
      if (fresh.dataset.prepared !== box.dataset.prepared) box.setAttribute('aria-live', 'polite')
      box.innerHTML = fresh.innerHTML
      box.dataset.prepared = fresh.dataset.prepared
    }
  } catch {
    // No connection just now: the next look will tell.
  }
  watch(box)
}

function watch(box) {
  if (OPEN.includes(box.dataset.prepared)) setTimeout(() => lookAgain(box), EVERY)
}

document.querySelectorAll('[data-prepared]').forEach(watch)
