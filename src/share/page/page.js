'use strict';
(() => {
  const links = [...document.querySelectorAll('figure a')];
  const viewer = document.querySelector('dialog');
  const stage = viewer.querySelector('.stage');
  const part = (name) => viewer.querySelector('.words .' + name);
  const [back, on, close] = ['back', 'on', 'close'].map((name) => viewer.querySelector('button.' + name));
  let at = -1;

  // Days as the reader's language says them.
  const long = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeZone: 'UTC' });
  for (const time of document.querySelectorAll('time')) time.textContent = long.format(new Date(time.dateTime + 'T00:00:00Z'));

  const text = (figure, name) => figure.querySelector('.' + name)?.textContent.replace(/\s+/g, ' ').trim() ?? '';

  function show(index) {
    const link = links[index];
    if (!link || index === at) return;
    at = index;
    const figure = link.closest('figure');
    const small = link.querySelector('img');
    let shown;
    if (link.dataset.video) {
      shown = document.createElement('video');
      Object.assign(shown, { controls: true, autoplay: true, playsInline: true, preload: 'metadata', poster: link.dataset.large, src: link.dataset.video });
    } else {
      shown = document.createElement('img');
      Object.assign(shown, { alt: small.alt, src: link.dataset.large });
    }
    stage.replaceChildren(shown);
    for (const name of ['caption', 'more', 'about']) part(name).textContent = text(figure, name);
    part('count').textContent = index + 1 + ' / ' + links.length;
    [back.disabled, on.disabled] = [index === 0, index === links.length - 1];
    if (!viewer.open) viewer.showModal();
    history.replaceState(null, '', '#' + link.dataset.number);
    // The next one is there when it is wanted.
    const next = links[index + 1];
    if (next && !next.dataset.video) new Image().src = next.dataset.large;
  }

  const step = (by) => show(Math.min(Math.max(at + by, 0), links.length - 1));

  function closed() {
    stage.replaceChildren();
    history.replaceState(null, '', location.pathname + location.search);
    const link = links[at];
    at = -1;
    link?.scrollIntoView({ block: 'nearest' });
    link?.focus();
  }

  links.forEach((link, index) => link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    show(index);
  }));
  back.addEventListener('click', () => step(-1));
  on.addEventListener('click', () => step(1));
  close.addEventListener('click', () => viewer.close());
  viewer.addEventListener('close', closed);
  stage.addEventListener('click', (event) => { if (event.target === stage) viewer.close(); });

  const keys = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -Infinity, End: Infinity };
  document.addEventListener('keydown', (event) => {
    if (!viewer.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const video = stage.querySelector('video');
    if (event.key === ' ' && document.activeElement?.tagName !== 'BUTTON' && document.activeElement !== video) {
      event.preventDefault();
      if (video) { if (video.paused) void video.play(); else video.pause(); } else step(event.shiftKey ? -1 : 1);
    } else if (event.key in keys && document.activeElement !== video) {
      event.preventDefault();
      step(keys[event.key]);
    }
  });

  let from = null;
  stage.addEventListener('touchstart', (event) => { from = event.touches.length === 1 ? event.touches[0].clientX : null; }, { passive: true });
  stage.addEventListener('touchend', (event) => {
    const moved = from === null ? 0 : event.changedTouches[0].clientX - from;
    from = null;
    if (Math.abs(moved) > 50 && !(window.visualViewport?.scale > 1.05)) step(moved < 0 ? 1 : -1);
  });

  const opened = () => { const index = links.findIndex((link) => '#' + link.dataset.number === location.hash); if (index >= 0) show(index); };
  window.addEventListener('hashchange', opened);
  opened();
})();
