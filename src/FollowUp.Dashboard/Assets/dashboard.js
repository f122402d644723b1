// Everything works without this file. With it, a page shows what is new by itself, and a reply shows how long it is.
(() => {
  'use strict';
  const main = document.getElementById('main');
  const live = document.getElementById('live');
  const seconds = Number(main.dataset.renew);
  let version = main.dataset.version;
  let failures = 0;

  // The notice of what was just done is said once, and not again when the page is loaded anew.
  const address = new URL(location.href);
  if (address.searchParams.has('done')) {
    address.searchParams.delete('done');
    history.replaceState(null, '', address);
  }

  // Nothing is swapped under somebody's hands: not while they write, choose or mark words.
  function isBusy() {
    const active = document.activeElement;
    if (active && main.contains(active) && active.matches('input, textarea, select')) return true;
    for (const field of main.querySelectorAll('input:not([type=hidden]), textarea')) {
      if (field.value !== field.defaultValue) return true;
    }
    for (const choice of main.querySelectorAll('select')) {
      if ([...choice.options].some((option) => option.selected !== option.defaultSelected && choice.selectedIndex > 0)) return true;
    }
    const selection = document.getSelection();
    return Boolean(selection && !selection.isCollapsed && main.contains(selection.anchorNode));
  }

  function selectorOf(element) {
    if (!element || !main.contains(element)) return null;
    if (element.id) return '#' + CSS.escape(element.id);
    const link = element.getAttribute('href');
    if (link) return 'a[href="' + CSS.escape(link) + '"]';
    const form = element.closest('form');
    return form ? 'form[action="' + CSS.escape(form.getAttribute('action')) + '"] ' + element.localName : null;
  }

  function swap(next) {
    const focused = selectorOf(document.activeElement);
    const open = new Map([...main.querySelectorAll('details[id]')].map((details) => [details.id, details.open]));
    const scrolled = new Map([...main.querySelectorAll('.wide')].map((box, index) => [index, box.scrollLeft]));
    main.replaceChildren(...next.getElementById('main').childNodes);
    const links = document.querySelector('#side nav ul');
    const newLinks = next.querySelector('#side nav ul');
    if (links && newLinks && !links.contains(document.activeElement)) links.replaceChildren(...newLinks.childNodes);
    for (const [id, isOpen] of open) {
      const details = document.getElementById(id);
      if (details) details.open = isOpen;
    }
    [...main.querySelectorAll('.wide')].forEach((box, index) => { box.scrollLeft = scrolled.get(index) || 0; });
    if (focused) main.querySelector(focused)?.focus({ preventScroll: true });
    countCharacters();
  }

  async function look() {
    if (document.hidden || isBusy()) return;
    const answer = await fetch(location.href, { headers: { 'If-None-Match': '"' + version + '"', 'X-Live': '1' }, cache: 'no-store', redirect: 'manual' });
    if (answer.type === 'opaqueredirect') {
      // The sign-in has ended.
      location.reload();
    } else if (answer.ok && !isBusy()) {
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      version = next.getElementById('main').dataset.version;
      swap(next);
      live.textContent = 'The page has been brought up to date.';
    }
  }

  async function keepLooking() {
    try {
      await look();
      failures = 0;
    } catch {
      // The server is away: ask less often until it is back.
      failures = Math.min(failures + 1, 5);
      if (failures === 2) live.textContent = 'FollowUp does not answer just now. What you see may be old.';
    }
    setTimeout(keepLooking, seconds * 1000 * 2 ** failures);
  }

  function countCharacters() {
    for (const area of document.querySelectorAll('textarea[data-count]')) {
      const counter = document.getElementById(area.dataset.count);
      area.oninput = () => { counter.textContent = area.value.length + ' of ' + area.maxLength + ' characters'; };
    }
  }

  countCharacters();
  if (seconds > 0) setTimeout(keepLooking, seconds * 1000);
})();
