// What the pages do better with a script; they work without it.
'use strict';

const password = document.getElementById('password');
if (password) {
  const reasons = document.getElementById('reasons');
  const show = document.getElementById('show');
  const visit = password.form.elements.namedItem('visit').value;
  let asked = 0;
  let timer;

  show.parentElement.hidden = false;
  show.addEventListener('change', () => {
    password.type = show.checked ? 'text' : 'password';
  });

  const say = (verdict) => {
    const lead = document.createElement('p');
    lead.textContent = verdict.acceptable ? reasons.dataset.acceptable : reasons.dataset.refused;
    const list = document.createElement('ul');
    for (const reason of verdict.reasons) {
      const item = document.createElement('li');
      item.textContent = reason;
      list.append(item);
    }
    reasons.className = verdict.acceptable ? '' : 'reasons';
    reasons.replaceChildren(lead, ...(verdict.acceptable ? [] : [list]));
    password.setAttribute('aria-invalid', String(!verdict.acceptable));
  };

  // The service alone knows what it takes, so it is asked, once the typing pauses.
  const check = async () => {
    const number = ++asked;
    const body = new URLSearchParams({ visit, new_password: password.value });
    try {
      const answer = await fetch(password.dataset.check, { method: 'POST', body, credentials: 'same-origin' });
      if (answer.ok && number === asked && password.value !== '') say(await answer.json());
    } catch {
      // The form says it when it is sent.
    }
  };
  password.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (password.value !== '') check();
    }, 400);
  });

  // Nothing that was typed stays in a page that can be come back to.
  window.addEventListener('pagehide', () => {
    clearTimeout(timer);
    password.value = '';
    password.type = 'password';
    show.checked = false;
  });
}
