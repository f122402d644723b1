// Everything works without this file. With it, a page shows what is new by itself, and a reply shows how long it is.
(() => {
  'use strict';
  const main = document.getElementById('main');
  const live = document.getElementById('live');
  const stale = document.getElementById('stale');
  const seconds = Number(main.dataset.renew);
  const stillFor = 1500; // milliseconds without the pointer moving over the page before anything is swapped
  const guardFor = 700; // milliseconds in which a click may still be meant for what stood there before
  const announceEvery = 30000;
  const activeEvery = 300000;
  let version = main.dataset.version;
  let failures = 0;
  let isDown = false;
  let movedAt = -Infinity;
  let swappedAt = -Infinity;
  let under = null;
  let announcedAt = -Infinity;
  let activeAt = performance.now();

  // The notice of what was just done is said once, and not again when the page is loaded anew.
  const address = new URL(location.href);
  if (address.searchParams.has('done')) {
    address.searchParams.delete('done');
    history.replaceState(null, '', address);
  }

  function isWriting() {
    const active = document.activeElement;
    if (active && main.contains(active) && active.matches('input, textarea, select')) return true;
    for (const field of main.querySelectorAll('input:not([type=hidden]), textarea')) {
      if (field.value !== field.defaultValue) return true;
    }
    for (const choice of main.querySelectorAll('select')) {
      const first = [...choice.options].findIndex((option) => option.defaultSelected);
      if (choice.selectedIndex !== Math.max(first, 0)) return true;
    }
    const selection = document.getSelection();
    return Boolean(selection && !selection.isCollapsed && main.contains(selection.anchorNode));
  }

  // Nothing is swapped under somebody's hands: not while they write, choose, mark words, press or move the pointer over the page.
  const isBusy = () => isDown || performance.now() - movedAt < stillFor || isWriting();

  document.addEventListener('pointerdown', () => { isDown = true; });
  for (const end of ['pointerup', 'pointercancel', 'blur']) window.addEventListener(end, () => { isDown = false; });
  main.addEventListener('pointermove', () => { movedAt = performance.now(); });

  // A click in the moment after a swap, with a pointer that has not moved since, was meant for what stood there before.
  main.addEventListener('click', (event) => {
    const now = performance.now();
    if (event.detail > 0 && now - swappedAt < guardFor && movedAt < swappedAt && keyOf(event.target.closest('button, a, summary')) !== under) {
      event.preventDefault();
      event.stopPropagation();
      say('The page has just changed: nothing was done.');
    }
  }, true);

  // Says the same of the same button, link or summary in two versions of a page, and nothing else of another one.
  function keyOf(element) {
    if (!element || !main.contains(element)) return null;
    if (element.id) return '#' + element.id;
    if (element.matches('a')) return 'a ' + element.getAttribute('href') + ' ' + element.textContent;
    if (element.matches('summary')) return 'summary ' + element.parentElement.id + ' ' + element.textContent;
    if (element.matches('.wide')) return 'box ' + element.getAttribute('aria-label');
    const form = element.closest('form');
    const fields = form ? [...form.querySelectorAll('input[type=hidden]')].filter((field) => field.name !== '__form').map((field) => field.name + '=' + field.value) : [];
    return element.localName + ' ' + (form ? form.getAttribute('action') : '') + ' ' + fields.join('&') + ' ' + element.textContent;
  }

  function find(key) {
    for (const element of main.querySelectorAll('[id], a, summary, button, .wide')) {
      if (keyOf(element) === key) return element;
    }
    return null;
  }

  function swap(next) {
    const active = document.activeElement;
    const focused = main.contains(active) && active !== main ? keyOf(active) : null;
    const hovered = [...document.querySelectorAll(':hover')].pop();
    under = keyOf(hovered ? hovered.closest('button, a, summary') : null);
    const open = new Map([...main.querySelectorAll('details[id]')].map((details) => [details.id, details.open]));
    const scrolled = [...main.querySelectorAll('.wide')].map((box) => box.scrollLeft);
    main.replaceChildren(...next.getElementById('main').childNodes);
    for (const [id, isOpen] of open) {
      const details = document.getElementById(id);
      if (details) details.open = isOpen;
    }
    [...main.querySelectorAll('.wide')].forEach((box, index) => { box.scrollLeft = scrolled[index] || 0; });

    // What is not there any more takes the focus to the page, never to another button.
    if (focused) (find(focused) || main).focus({ preventScroll: true });
    swappedAt = performance.now();
    countCharacters();
  }

  function renewAround(next) {
    const links = document.querySelector('#side nav ul');
    const newLinks = next.querySelector('#side nav ul');
    if (links && newLinks && !links.contains(document.activeElement)) links.replaceChildren(...newLinks.childNodes);
    const now = document.getElementById('now');
    const newNow = next.getElementById('now');
    if (now && newNow) now.textContent = newNow.textContent;
  }

  function say(words) {
    live.textContent = words;
  }

  async function look() {
    if (document.hidden) return;
    const answer = await fetch(location.href, { headers: { 'If-None-Match': '"' + version + '"', 'X-Live': '1' }, cache: 'no-store', redirect: 'manual' });
    if (answer.type === 'opaqueredirect') {
      // The sign-in has ended. What somebody is writing stays until they send it, and they are told then.
      if (!isWriting()) location.reload();
    } else if (answer.ok) {
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      renewAround(next);
      if (!isBusy()) {
        version = next.getElementById('main').dataset.version;
        swap(next);
        announce('The page has been brought up to date.');
      } else if (isWriting()) {
        announce('There is something new. The page shows it when you have finished writing.');
      }
    } else if (answer.status !== 304) {
      throw new Error('The server answered ' + answer.status);
    }
  }

  function announce(words) {
    if (performance.now() - announcedAt < announceEvery) return;
    announcedAt = performance.now();
    say(words);
  }

  async function keepLooking() {
    try {
      await look();
      failures = 0;
      stale.hidden = true;
    } catch {
      // The server is away: ask less often until it is back.
      failures = Math.min(failures + 1, 5);
      stale.hidden = failures < 2;
    }
    setTimeout(keepLooking, seconds * 1000 * 2 ** failures);
  }

  // Whoever writes is there, though nothing is asked of the server meanwhile.
  document.addEventListener('input', () => {
    if (performance.now() - activeAt > activeEvery) {
      activeAt = performance.now();
      fetch(location.href, { cache: 'no-store', redirect: 'manual' }).catch(() => {});
    }
  });

  // A form is sent once, and says that it is under way.
  document.addEventListener('submit', (event) => {
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = 'yes';
    document.body.setAttribute('aria-busy', 'true');
  });
  window.addEventListener('pageshow', () => {
    document.body.removeAttribute('aria-busy');
    for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  });

  function countCharacters() {
    for (const area of document.querySelectorAll('textarea[data-count]')) {
      const counter = document.getElementById(area.dataset.count);
      area.oninput = () => { counter.textContent = area.value.length + ' of ' + area.maxLength + ' characters'; };
    }
  }

  countCharacters();
  // Whoever was refused something reads first why.
  const refusal = main.querySelector('.refusal, .error[role=alert]');
  if (refusal) {
    refusal.tabIndex = -1;
    refusal.focus();
  }
  if (seconds > 0) setTimeout(keepLooking, seconds * 1000);
})();
