// Whether the owner wants to see only what is fit for others' eyes. The server reads a cookie, so that pages, pictures,
// search and answers all agree; it stays with this browser.

const COOKIE = 'recollect_guarded';

class Safety {
  guarded = $state(document.cookie.split(';').some((pair) => pair.trim() === `${COOKIE}=1`));

  toggle(): void {
    const on = !this.guarded;
    document.cookie = `${COOKIE}=${on ? 1 : 0}; Path=/; SameSite=Strict; Max-Age=${on ? 31536000 : 0}`;
    this.guarded = on;
    // What is on the screen was made for the other way.
    location.reload();
  }
}

export const safety = new Safety();
