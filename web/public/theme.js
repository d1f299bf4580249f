// Sets the colour theme the user chose before anything is painted. A file of its own because the
// content security policy allows no inline script.
try {
  var chosen = localStorage.getItem('recollect.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch (e) {
  // Storage is blocked: the system's theme applies.
}
