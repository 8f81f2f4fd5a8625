"use strict";
if (location.hash.length > 1) {
  let token = location.hash.slice(1);
  try { token = decodeURIComponent(token); } catch (e) { /* a bare token may hold a percent sign */ }
  history.replaceState(null, "", location.pathname);
  document.getElementById("t").value = token;
  document.getElementById("form").submit();
}
