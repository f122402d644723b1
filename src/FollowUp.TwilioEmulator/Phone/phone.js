'use strict';
(() => {
  const zone = { time: { hour: '2-digit', minute: '2-digit' }, short: { day: 'numeric', month: 'short' },
    day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } };
  const show = (date, part) => date.toLocaleString(undefined, zone[part]);
  const body = document.getElementById('body');

  // The server writes UTC; here the reader's own zone takes its place, and the days are divided anew.
  function localise() {
    for (const time of document.querySelectorAll('time[data-show]')) {
      const date = new Date(time.dateTime);
      time.textContent = time.dataset.show === 'clock' ? show(date, 'short') + '\n' + show(date, 'time') : show(date, time.dataset.show);
    }
    document.querySelectorAll('.day').forEach(day => day.remove());
    let last = null;
    for (const text of document.querySelectorAll('.text')) {
      const day = show(new Date(text.querySelector('time').dateTime), 'day');
      if (day !== last) {
        const divider = document.createElement('li');
        divider.className = 'day';
        divider.textContent = last = day;
        text.before(divider);
      }
    }
  }

  const parts = ['phones', 'thread', 'clock'];
  const seen = {};
  for (const id of parts) seen[id] = document.getElementById(id)?.innerHTML;
  const toEnd = () => { const thread = document.getElementById('thread'); if (thread) thread.scrollTop = thread.scrollHeight; };

  async function refresh() {
    if (document.hidden) return;
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok) return;
    // Without its style: that one has a nonce of its own, which this page's policy would report.
    const html = (await answer.text()).replace(/<style[^]*?<\/style>/, '');
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    const thread = document.getElementById('thread');
    const atEnd = thread && thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
    let changed = false;
    for (const id of parts) {
      const [now, then] = [fresh.getElementById(id), document.getElementById(id)];
      if (!now || !then || now.innerHTML === seen[id]) continue;
      // A link that has the focus keeps it through the exchange.
      const focused = then.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
      then.innerHTML = seen[id] = now.innerHTML;
      if (focused) then.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
      changed = true;
    }
    if (changed) localise();
    if (changed && atEnd) toEnd();
  }

  // After an answer that was refused the address is that of the form, which cannot be asked for again with GET.
  const poll = () => refresh().catch(() => { }).finally(() => setTimeout(poll, 2000));
  localise();
  toEnd();
  if (!document.querySelector('[role=alert]')) setTimeout(poll, 2000);

  if (body) {
    body.focus();
    body.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        if (body.value.trim()) body.form.requestSubmit();
      }
    });
  }
})();
